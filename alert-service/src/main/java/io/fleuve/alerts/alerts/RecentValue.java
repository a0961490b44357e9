package io.fleuve.alerts.alerts;

import java.time.Instant;

/** The figure of a window that a later one may be compared with. */
public record RecentValue(Instant windowEnd, double value) {}
