package io.fleuve.alerts.api;

import io.fleuve.alerts.silences.Silence;
import io.fleuve.alerts.store.SilenceEntity;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A silence as JSON.
 *
 * @param state pending, active or expired
 * @param expiredBy who ended it early
 */
record SilenceView(
        UUID id,
        List<MatcherView> matchers,
        Instant from,
        Instant until,
        String author,
        String comment,
        String state,
        Instant createdAt,
        @Nullable String expiredBy) {

    /** One label that is tested. */
    record MatcherView(String label, String kind, String value) {}

    static SilenceView of(SilenceEntity row, Instant now) {
        Silence silence = row.toSilence();
        return new SilenceView(
                silence.id(),
                silence.matchers().stream()
                        .map(m -> new MatcherView(m.label(), m.kind().label(), m.value()))
                        .toList(),
                silence.from(),
                silence.until(),
                silence.author(),
                silence.comment(),
                silence.isActive(now)
                        ? "active"
                        : now.isBefore(silence.from()) ? "pending" : "expired",
                row.createdAt(),
                row.expiredBy());
    }
}
