/**
 * What the cluster agrees on: brokers, topics, partitions, their leaders and configurations.
 *
 * <p>{@link io.fleuve.broker.metadata.ClusterMetadata} is the door; {@link
 * io.fleuve.broker.metadata.ClusterImage} is an immutable picture of everything at one version. The
 * package knows neither Spring nor the Kafka protocol.
 */
@NullMarked
package io.fleuve.broker.metadata;

import org.jspecify.annotations.NullMarked;
