/**
 * The simulation as time passes: which sensor is asked when, and that its readings get published.
 * {@link io.fleuve.simulator.live.Simulation} controls it. It must know neither Kafka nor HTTP nor
 * Spring.
 */
@NullMarked
package io.fleuve.simulator.live;

import org.jspecify.annotations.NullMarked;
