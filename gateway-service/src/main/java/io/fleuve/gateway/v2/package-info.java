/**
 * Confluent's REST API v2: metadata, producing and consumer instances, with what Strimzi's bridge
 * adds beside its own. {@link io.fleuve.gateway.v2.ProduceController} and {@link
 * io.fleuve.gateway.v2.InstanceCalls} are the parts with most behaviour. It must not know the other
 * APIs.
 */
@NullMarked
package io.fleuve.gateway.v2;

import org.jspecify.annotations.NullMarked;
