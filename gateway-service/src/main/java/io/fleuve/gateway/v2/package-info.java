/**
 * Confluent's REST API v2: metadata and producing, with Strimzi's text format beside its own.
 * {@link io.fleuve.gateway.v2.ProduceController} is the part with most behaviour. It must not know
 * the other APIs.
 */
@NullMarked
package io.fleuve.gateway.v2;

import org.jspecify.annotations.NullMarked;
