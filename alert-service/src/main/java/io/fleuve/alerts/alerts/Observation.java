package io.fleuve.alerts.alerts;

import java.time.Instant;

/**
 * The figure of one window that a rule looks at.
 *
 * @param value in the unit of the rule's measure, finite
 */
public record Observation(Subject subject, Instant windowStart, Instant windowEnd, double value) {}
