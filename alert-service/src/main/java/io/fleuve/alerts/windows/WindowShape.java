package io.fleuve.alerts.windows;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** How event time is cut into windows. Times are in milliseconds since the epoch. */
public sealed interface WindowShape {

    /** From the first millisecond that belongs to a window to the first that does not. */
    record Span(long startMs, long endMs) {}

    /**
     * The windows that hold a time, in the order of their ends. For a session: the session that a
     * reading of that time makes if no other is near.
     */
    List<Span> spansOf(long timeMs);

    /**
     * One after the other. Windows of whole days start at midnight of the zone, so that the day of
     * a change of the clocks has 23 or 25 hours; shorter ones are aligned to the epoch.
     */
    record Tumbling(Duration size, ZoneId zone) implements WindowShape {

        public Tumbling {
            requirePositive("size", size);
            // So that UTC is equal to Z.
            zone = zone.normalized();
        }

        @Override
        public List<Span> spansOf(long timeMs) {
            long days = size.toDays();
            if (days > 0 && size.equals(Duration.ofDays(days))) {
                LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(timeMs), zone);
                LocalDate first =
                        LocalDate.ofEpochDay(Math.floorDiv(day.toEpochDay(), days) * days);
                return List.of(new Span(midnightMs(first), midnightMs(first.plusDays(days))));
            }
            long startMs = Math.floorDiv(timeMs, size.toMillis()) * size.toMillis();
            return List.of(new Span(startMs, startMs + size.toMillis()));
        }

        private long midnightMs(LocalDate day) {
            return day.atStartOfDay(zone).toInstant().toEpochMilli();
        }
    }

    /** Windows of {@code size} that start every {@code advance}, aligned to the epoch. */
    record Hopping(Duration size, Duration advance) implements WindowShape {

        /** Most windows that a reading may belong to. */
        public static final int MAX_OVERLAP = 300;

        public Hopping {
            requirePositive("size", size);
            requirePositive("advance", advance);
            if (advance.compareTo(size) > 0) {
                throw new IllegalArgumentException(
                        "a hopping window's advance (%s) must not exceed its size (%s)"
                                .formatted(advance, size));
            }
            if (size.toMillis() / advance.toMillis() > MAX_OVERLAP) {
                throw new IllegalArgumentException(
                        "a reading may belong to at most %d hopping windows; size %s, advance %s"
                                .formatted(MAX_OVERLAP, size, advance));
            }
        }

        @Override
        public List<Span> spansOf(long timeMs) {
            long sizeMs = size.toMillis();
            long advanceMs = advance.toMillis();
            List<Span> spans = new ArrayList<>();
            long startMs = (Math.floorDiv(timeMs - sizeMs, advanceMs) + 1) * advanceMs;
            for (; startMs <= timeMs; startMs += advanceMs) {
                spans.add(new Span(startMs, startMs + sizeMs));
            }
            return List.copyOf(spans);
        }
    }

    /**
     * Readings that follow one another; a silence of {@code gap} ends the session. It reaches from
     * its first reading to {@code gap} after its last.
     */
    record Session(Duration gap) implements WindowShape {

        public Session {
            requirePositive("gap", gap);
        }

        @Override
        public List<Span> spansOf(long timeMs) {
            return List.of(new Span(timeMs, timeMs + gap.toMillis()));
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "a window's %s must be at least 1 ms, but is %s".formatted(name, value));
        }
    }
}
