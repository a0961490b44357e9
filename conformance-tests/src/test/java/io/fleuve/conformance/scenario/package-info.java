/**
 * What a client does and what it sees. A {@link io.fleuve.conformance.scenario.Scenario} writes
 * down facts and judges nothing: Apache Kafka is the judge. It must not know which platform it runs
 * on.
 */
@NullMarked
package io.fleuve.conformance.scenario;

import org.jspecify.annotations.NullMarked;
