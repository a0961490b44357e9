/**
 * What is published, and the ports to where it goes. {@link io.fleuve.simulator.publish.Reading} is
 * the value, {@link io.fleuve.simulator.publish.Destination} the door. It must know neither which
 * source a reading comes from nor which protocol takes it.
 */
@NullMarked
package io.fleuve.simulator.publish;

import org.jspecify.annotations.NullMarked;
