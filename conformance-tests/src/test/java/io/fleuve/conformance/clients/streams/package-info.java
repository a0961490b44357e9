/**
 * A Kafka Streams application of the kind that people write: it re-keys, counts, averages in
 * windows and holds results back until a window has closed. {@link
 * io.fleuve.conformance.clients.streams.StreamsApplication} runs in a process of its own, to be
 * killed. It must not know who reads its results.
 */
@NullMarked
package io.fleuve.conformance.clients.streams;

import org.jspecify.annotations.NullMarked;
