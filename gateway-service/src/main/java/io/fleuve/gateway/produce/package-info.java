/**
 * What producing over HTTP has in common, whatever the API: requests that are read whole, the
 * fields {@code Idempotency-Key}, {@code Prefer} and {@code traceparent}. The main type is {@link
 * io.fleuve.gateway.produce.FiniteProduce}; it must not know any API's bodies.
 */
@NullMarked
package io.fleuve.gateway.produce;

import org.jspecify.annotations.NullMarked;
