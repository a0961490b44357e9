@NullMarked
package io.fleuve.simulator.replay;

import org.jspecify.annotations.NullMarked;
