package io.fleuve.alerts.api;

import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A parameter that is a point in time. */
final class InstantParameter {

    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private InstantParameter() {}

    static Instant parse(String parameter, @Nullable String text, Instant absent) {
        if (text == null || text.isBlank()) {
            return absent;
        }
        try {
            Instant parsed = Instant.parse(text);
            if (parsed.isBefore(Instant.EPOCH) || parsed.isAfter(LATEST)) {
                throw new BadParameterException(parameter, "must lie between 1970 and 9999");
            }
            return parsed;
        } catch (DateTimeException e) {
            throw new BadParameterException(
                    parameter, "must be an ISO-8601 instant such as 2024-05-01T00:00:00Z");
        }
    }
}
