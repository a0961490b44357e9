/**
 * What clients see of Fleuve, compared with what they see of Apache Kafka. {@link
 * io.fleuve.conformance.ConformanceIT} runs every scenario of the Java client on both; {@link
 * io.fleuve.conformance.Comparison} and {@link io.fleuve.conformance.Report} serve the other
 * clients as well. It must not know them.
 */
@NullMarked
package io.fleuve.conformance;

import org.jspecify.annotations.NullMarked;
