package io.fleuve.alerts.alerts;

import java.util.List;

/**
 * What one window says about a condition. Neither breached nor recovered: between the thresholds.
 *
 * @param breach the finding, compared with the limit that starts an alert
 * @param recovery the same, compared with the limit that ends it
 * @param recent the figures that later windows will be compared with, oldest first
 */
record Judgement(
        boolean breached,
        boolean recovered,
        Finding breach,
        Finding recovery,
        List<RecentValue> recent) {}
