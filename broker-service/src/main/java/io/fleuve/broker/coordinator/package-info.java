/**
 * Groups: Apache Kafka's own group coordinator on our log.
 *
 * <p>Adapts the library's ports to {@code log} and {@code metadata}, and starts and stops its
 * shards as leadership of the offsets topic comes and goes. It does not know who asks.
 */
@NullMarked
package io.fleuve.broker.coordinator;

import org.jspecify.annotations.NullMarked;
