/**
 * The Kafka protocol: one table of APIs, one handler each.
 *
 * <p>{@link io.fleuve.broker.protocol.ApiTable} drives both dispatch and the advertised versions.
 * Handlers translate between Kafka's request classes and {@code log}, {@code metadata} and {@code
 * coordinator}; they keep no state.
 */
@NullMarked
package io.fleuve.broker.protocol;

import org.jspecify.annotations.NullMarked;
