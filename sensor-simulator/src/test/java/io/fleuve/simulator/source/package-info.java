@NullMarked
package io.fleuve.simulator.source;

import org.jspecify.annotations.NullMarked;
