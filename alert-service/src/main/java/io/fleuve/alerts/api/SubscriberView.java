package io.fleuve.alerts.api;

import io.fleuve.alerts.store.SubscriberBook;
import io.fleuve.alerts.subscribers.SubscriberDraft;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber as JSON: what was written, and what has become of it.
 *
 * @param active false once the subscriber has unsubscribed
 */
record SubscriberView(
        UUID id,
        @Nullable String name,
        @Nullable List<SubscriberDraft.@Nullable Way> channels,
        @Nullable List<@Nullable String> regions,
        @Nullable List<@Nullable String> severities,
        @Nullable String language,
        SubscriberDraft.@Nullable Quiet quietHours,
        @Nullable Integer escalationLevel,
        boolean active,
        Instant createdAt,
        Instant updatedAt) {

    static SubscriberView of(SubscriberBook.Row row) {
        SubscriberDraft draft = row.definition();
        return new SubscriberView(
                row.id(),
                draft.name(),
                draft.channels(),
                draft.regions(),
                draft.severities(),
                draft.language(),
                draft.quietHours(),
                draft.escalationLevel(),
                row.active(),
                row.createdAt(),
                row.updatedAt());
    }
}
