/**
 * Sockets, frames and connections of the Kafka port.
 *
 * <p>Reads requests, hands them to the protocol's API table, and writes the answers in the order of
 * the requests. Everything here is bounded. It knows nothing of topics or records.
 */
@NullMarked
package io.fleuve.broker.network;

import org.jspecify.annotations.NullMarked;
