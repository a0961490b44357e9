/**
 * PostgreSQL: the entities, their repositories, and the transactions that tie them together. {@link
 * io.fleuve.alerts.store.AlertLedger} keeps alert, transition and outbox in one commit, {@link
 * io.fleuve.alerts.store.RuleBook} keeps the rules. It knows neither Kafka nor the channels.
 */
@NullMarked
package io.fleuve.alerts.store;

import org.jspecify.annotations.NullMarked;
