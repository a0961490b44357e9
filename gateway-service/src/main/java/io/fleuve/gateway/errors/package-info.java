/**
 * What a caller is told when a request fails: one value, {@link
 * io.fleuve.gateway.errors.RestError}, written as {@code {"error_code","message"}} or as an RFC
 * 9457 problem. It maps Kafka's exceptions to Confluent's codes; it must not know any API's paths
 * or bodies.
 */
@NullMarked
package io.fleuve.gateway.errors;

import org.jspecify.annotations.NullMarked;
