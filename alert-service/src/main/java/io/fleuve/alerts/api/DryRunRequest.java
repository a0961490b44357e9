package io.fleuve.alerts.api;

import io.fleuve.alerts.rules.RuleDraft;
import org.jspecify.annotations.Nullable;

/**
 * A rule to try.
 *
 * @param rule as it would be sent to {@code POST /rules}
 * @param from ISO-8601, event time; absent means 31 days before {@code to}
 * @param to ISO-8601, event time; absent means now
 */
record DryRunRequest(@Nullable RuleDraft rule, @Nullable String from, @Nullable String to) {}
