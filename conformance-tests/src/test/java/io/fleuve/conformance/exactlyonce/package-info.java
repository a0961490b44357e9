/**
 * Applications of stream processors that process exactly once and are killed again and again, with
 * and without what they stand on: the output of Kafka Streams must be that of an application that
 * nobody has disturbed, Flink's each number once, as Spark reads it, too. {@link
 * io.fleuve.conformance.exactlyonce.ExactlyOnceRun} and {@link
 * io.fleuve.conformance.exactlyonce.CopyRun} are where to start. It must not know how the broker
 * works inside.
 */
@NullMarked
package io.fleuve.conformance.exactlyonce;

import org.jspecify.annotations.NullMarked;
