/**
 * What tools ask about logs, and nobody who reads or writes them: who writes to a log, how large it
 * is.
 *
 * <p>{@link io.fleuve.broker.inspection.ProducerStates} and {@link
 * io.fleuve.broker.inspection.LogSizes} are ports; adapters answer them from wherever logs are
 * kept. The package knows neither Spring nor the Kafka protocol.
 */
@NullMarked
package io.fleuve.broker.inspection;

import org.jspecify.annotations.NullMarked;
