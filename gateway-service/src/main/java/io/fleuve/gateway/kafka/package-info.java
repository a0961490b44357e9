/**
 * The stock Kafka clients behind the gateway, each shared, bounded and created when first needed:
 * {@link io.fleuve.gateway.kafka.ClusterAdmin}, {@link io.fleuve.gateway.kafka.RecordProducer} and
 * {@link io.fleuve.gateway.kafka.PartitionReader}. It must not know HTTP, nor any API's bodies.
 */
@NullMarked
package io.fleuve.gateway.kafka;

import org.jspecify.annotations.NullMarked;
