/**
 * Answers the APIs of groups: classic, consumer (KIP-848) and streams (KIP-1071) groups, and their
 * committed offsets.
 *
 * <p>{@link io.fleuve.broker.protocol.groups.GroupApis} lists them. Handlers resolve topics, ask
 * the coordinator and put its answer into the response of the request's version; they keep no state
 * and know nothing of shards or logs.
 */
@NullMarked
package io.fleuve.broker.protocol.groups;

import org.jspecify.annotations.NullMarked;
