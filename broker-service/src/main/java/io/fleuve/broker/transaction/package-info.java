/**
 * Transactions: begins them, takes logs into them, ends them in one commit, and aborts those whose
 * time is over.
 *
 * <p>The main type is {@link io.fleuve.broker.transaction.TransactionCoordinator}. State is in a
 * {@link io.fleuve.broker.transaction.TransactionCatalog} that all brokers share; nobody owns a
 * transaction. The package does not know who asks, nor how a marker is written. See
 * docs/adr/0006-a-transaction-ends-in-one-commit.md.
 */
@NullMarked
package io.fleuve.broker.transaction;

import org.jspecify.annotations.NullMarked;
