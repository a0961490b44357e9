/**
 * Consumers that live on one gateway and can be used through any: {@link
 * io.fleuve.gateway.consumers.InstanceRouter} is the door. Who owns which instance is written to a
 * compacted topic that every gateway reads; {@link io.fleuve.gateway.consumers.OwnershipView} is
 * the rule by which they all come to the same answer. It must not know HTTP's server side, nor any
 * API's bodies.
 */
@NullMarked
package io.fleuve.gateway.consumers;

import org.jspecify.annotations.NullMarked;
