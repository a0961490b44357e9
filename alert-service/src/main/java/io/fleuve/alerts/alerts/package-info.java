/**
 * The life of an alert. {@link io.fleuve.alerts.alerts.AlertState} is the state machine of one rule
 * in one region, {@link io.fleuve.alerts.alerts.AlertEvaluator} drives it with published averages,
 * in event time and idempotently. Pure functions of values: no clock, no Spring, no database, no
 * Kafka.
 */
@NullMarked
package io.fleuve.alerts.alerts;

import org.jspecify.annotations.NullMarked;
