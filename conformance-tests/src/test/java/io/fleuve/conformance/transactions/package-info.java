/**
 * Transactions under faults, and an audit of what was seen of them: all or nothing, once, in order.
 * {@link io.fleuve.conformance.transactions.TransactionRun} is where to start, {@link
 * io.fleuve.conformance.transactions.TransactionAudit} says what is promised. It must not know how
 * the broker works inside.
 */
@NullMarked
package io.fleuve.conformance.transactions;

import org.jspecify.annotations.NullMarked;
