/**
 * What makes a repeated POST with the same {@code Idempotency-Key} one POST, through any gateway
 * and across the death of any: claims in a log, outcomes in the transaction of the records. {@link
 * io.fleuve.gateway.idempotency.Attempt} and {@link io.fleuve.gateway.idempotency.ClaimLedger} are
 * the rules, pure; {@link io.fleuve.gateway.idempotency.Idempotency} carries them out. It must not
 * know HTTP requests, nor any API's bodies.
 */
@NullMarked
package io.fleuve.gateway.idempotency;

import org.jspecify.annotations.NullMarked;
