/**
 * What clients see of Fleuve, compared with what they see of Apache Kafka. {@link
 * io.fleuve.conformance.ConformanceIT} runs every scenario on both; the other tests run real
 * clients against Fleuve, and kill it.
 */
@NullMarked
package io.fleuve.conformance;

import org.jspecify.annotations.NullMarked;
