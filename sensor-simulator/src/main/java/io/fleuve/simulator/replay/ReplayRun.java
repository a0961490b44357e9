package io.fleuve.simulator.replay;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * One replay from its first reading on, across restarts of the process. Every published reading
 * names its run in a header, so that what is in the topic is all that is needed to go on.
 *
 * <p>As text: {@code senegal-hourly-2024 2024-01-01T00:00:00Z 2025-11-21T00:00:00Z}, the three
 * components with a space between them.
 *
 * @param source the name of the {@link io.fleuve.simulator.source.ReadingSource}
 * @param recordedFrom when the run's first reading was recorded
 * @param observedFrom the time under which that reading is published: the run's anchor
 */
public record ReplayRun(String source, Instant recordedFrom, Instant observedFrom) {

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException if the text is no run
     */
    public static ReplayRun parse(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not a replay run: '" + text + "'");
        }
        try {
            return new ReplayRun(parts[0], Instant.parse(parts[1]), Instant.parse(parts[2]));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("not a replay run: '" + text + "'", e);
        }
    }

    /** The text form that {@link #parse} reads. */
    public String format() {
        return source + " " + recordedFrom + " " + observedFrom;
    }

    /**
     * What is added to a recorded time to get the published one, in the run's first pass through
     * the source.
     */
    Duration shift() {
        return Duration.between(recordedFrom, observedFrom);
    }
}
