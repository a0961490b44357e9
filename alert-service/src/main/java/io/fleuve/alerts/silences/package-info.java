/**
 * What keeps an alert from being told: silences that someone set for a time, and inhibition by a
 * worse alert. {@link io.fleuve.alerts.silences.Suppression} is what they come to. Plain values
 * that know labels and times, and nothing of alerts, rules, Spring, databases or Kafka.
 */
@NullMarked
package io.fleuve.alerts.silences;

import org.jspecify.annotations.NullMarked;
