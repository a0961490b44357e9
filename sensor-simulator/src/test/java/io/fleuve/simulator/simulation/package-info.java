@NullMarked
package io.fleuve.simulator.simulation;

import org.jspecify.annotations.NullMarked;
