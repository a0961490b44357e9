package io.fleuve.alerts.silences;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * For a time, alerts with certain labels are not told.
 *
 * @param matchers at least one; all must match
 * @param from first instant of silence
 * @param until first instant after it
 */
public record Silence(
        UUID id,
        List<Matcher> matchers,
        Instant from,
        Instant until,
        String author,
        String comment) {

    public Silence {
        matchers = List.copyOf(matchers);
    }

    /** Whether it is in force. */
    public boolean isActive(Instant now) {
        return !now.isBefore(from) && now.isBefore(until);
    }

    /** Whether alerts with these labels are silenced now. */
    public boolean silences(Map<String, String> labels, Instant now) {
        return isActive(now) && Matcher.all(matchers, labels);
    }
}
