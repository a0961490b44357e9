/**
 * Server-sent events on a topic: {@link io.fleuve.gateway.events.EventStreams} lets readers in, a
 * {@link io.fleuve.gateway.events.Tail} reads the end of a topic once for all of them, and each
 * {@link io.fleuve.gateway.events.EventStream} sends its reader what its filters let through. It
 * builds on stateless reads and must not know the other APIs.
 */
@NullMarked
package io.fleuve.gateway.events;

import org.jspecify.annotations.NullMarked;
