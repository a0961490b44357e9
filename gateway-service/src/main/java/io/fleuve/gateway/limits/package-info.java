/**
 * What stands before every API: {@link io.fleuve.gateway.limits.RateLimitFilter} lets a client send
 * only so many requests, {@link io.fleuve.gateway.limits.CorsSettings} says which web pages of
 * other origins may call. It must not know any API, nor Kafka.
 */
@NullMarked
package io.fleuve.gateway.limits;

import org.jspecify.annotations.NullMarked;
