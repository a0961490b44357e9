/**
 * A Kafka Streams application with {@code exactly_once_v2} that is killed again and again, with and
 * without what it stands on; its output must be that of one that nobody has disturbed. {@link
 * io.fleuve.conformance.exactlyonce.ExactlyOnceRun} is where to start. It must not know how the
 * broker works inside.
 */
@NullMarked
package io.fleuve.conformance.exactlyonce;

import org.jspecify.annotations.NullMarked;
