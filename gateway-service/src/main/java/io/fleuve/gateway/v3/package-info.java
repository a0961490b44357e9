/**
 * Confluent's REST API v3, under {@code /v3} and {@code /kafka/v3}: a controller for each kind of
 * resource, and {@link io.fleuve.gateway.v3.RecordStream} for producing. It must not know the other
 * APIs.
 */
@NullMarked
package io.fleuve.gateway.v3;

import org.jspecify.annotations.NullMarked;
