package io.fleuve.alerts.rules;

import io.fleuve.alerts.windows.Aggregation;
import java.time.Duration;

/**
 * What a rule means where it says nothing.
 *
 * @param aggregation windows by region, of all readings as they come
 * @param repeatEvery zero for never
 */
public record RuleDefaults(Aggregation aggregation, Duration repeatEvery) {}
