/**
 * The sensor simulator: publishes temperatures, recorded or simulated, as if sensors sent them now.
 * {@link io.fleuve.simulator.SimulatorApplication} is the process; this package only reads
 * configuration and wires the parts together, it holds no behaviour of its own.
 */
@NullMarked
package io.fleuve.simulator;

import org.jspecify.annotations.NullMarked;
