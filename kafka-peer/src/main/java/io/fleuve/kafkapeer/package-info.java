/**
 * Apache Kafka in a process of its own: the oracle of the conformance tests and the peer of the
 * benchmarks.
 *
 * <p>{@link io.fleuve.kafkapeer.ApacheKafka} is the door. Nothing here knows Fleuve's broker, and
 * no service depends on this module.
 */
@NullMarked
package io.fleuve.kafkapeer;

import org.jspecify.annotations.NullMarked;
