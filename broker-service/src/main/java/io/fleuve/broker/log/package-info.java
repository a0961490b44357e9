/**
 * The log: appends, offsets and reads of partitions, as bytes of v2 record batches.
 *
 * <p>{@link io.fleuve.broker.log.PartitionLogs} is the door. The package orders nothing by itself:
 * it makes bytes durable through {@code storage}, then asks the {@code Sequencer} for their
 * offsets. It knows neither Spring nor the classes of the Kafka protocol, and no topic names: a
 * partition is a log with a number.
 */
@NullMarked
package io.fleuve.broker.log;

import org.jspecify.annotations.NullMarked;
