@NullMarked
package io.fleuve.simulator.live;

import org.jspecify.annotations.NullMarked;
