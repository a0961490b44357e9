/**
 * The model of weather and of the sensors that measure it. {@link
 * io.fleuve.simulator.simulation.SensorNetwork} is its door: a seed and a time give the readings of
 * all sensors, the same on any machine and wherever one begins. It must know neither clocks nor
 * threads, nor where readings go.
 */
@NullMarked
package io.fleuve.simulator.simulation;

import org.jspecify.annotations.NullMarked;
