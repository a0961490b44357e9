/**
 * Spans for OpenTelemetry, through Micrometer: {@link io.fleuve.gateway.tracing.Tracing} has one
 * made of every request, and {@link io.fleuve.gateway.tracing.MessagingSpans} below it of what the
 * Kafka clients do for the request. All of it is off until there is a collector to send to. Knows
 * no API and no Kafka client of the gateway.
 */
@NullMarked
package io.fleuve.gateway.tracing;

import org.jspecify.annotations.NullMarked;
