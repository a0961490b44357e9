/**
 * The APIs of transactions: Kafka's requests and error codes for what {@code transaction} does.
 *
 * <p>Begin with {@link io.fleuve.broker.protocol.transactions.TransactionApis}. Offsets in
 * transactions go through the group coordinator: see {@code protocol.groups}.
 */
@NullMarked
package io.fleuve.broker.protocol.transactions;

import org.jspecify.annotations.NullMarked;
