/**
 * The readings' topic, through stock Kafka clients. {@link
 * io.fleuve.simulator.kafka.KafkaDestination} is the door; records are JSON keyed by region. It
 * must not know which reading comes next, nor when.
 */
@NullMarked
package io.fleuve.simulator.kafka;

import org.jspecify.annotations.NullMarked;
