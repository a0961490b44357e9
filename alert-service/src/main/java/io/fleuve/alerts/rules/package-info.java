/**
 * What users ask to be alerted about. {@link io.fleuve.alerts.rules.Rule} is a threshold with
 * hysteresis and a scope; {@link io.fleuve.alerts.rules.RuleDraft} is one that has yet to be
 * checked. Plain values: no Spring, no database, no Kafka.
 */
@NullMarked
package io.fleuve.alerts.rules;

import org.jspecify.annotations.NullMarked;
