package io.fleuve.simulator.replay;

import io.fleuve.simulator.publish.Reading;
import io.fleuve.simulator.scenario.Influence;
import io.fleuve.simulator.source.RecordedReading;
import java.time.Instant;
import java.util.Map;

/**
 * A recorded reading under the time it is published with.
 *
 * @param recorded the reading as it was recorded
 * @param observedAt the rebased time
 * @param influence what scenarios make of it
 */
public record RebasedReading(RecordedReading recorded, Instant observedAt, Influence influence) {

    RebasedReading under(Influence other) {
        return new RebasedReading(recorded, observedAt, other);
    }

    /**
     * The reading to publish.
     *
     * @throws IllegalArgumentException if it is blank: there is nothing to publish
     */
    Reading toReading(ReplayRun run) {
        double measured =
                recorded.celsius()
                        .orElseThrow(
                                () -> new IllegalArgumentException("a blank reading has no value"));
        // Untouched values stay as they were recorded, to the last digit.
        double celsius =
                influence.celsius() == 0
                        ? measured
                        : Math.round((measured + influence.celsius()) * 100) / 100.0;
        Map<String, String> headers =
                recorded.series().equals(recorded.region())
                        ? Map.of(PublishedTail.RUN_HEADER, run.format())
                        : Map.of(
                                PublishedTail.RUN_HEADER,
                                run.format(),
                                PublishedTail.SERIES_HEADER,
                                recorded.series());
        return new Reading(
                recorded.sensor(),
                recorded.region(),
                celsius,
                observedAt,
                recorded.recordedAt(),
                influence.scenarios(),
                headers);
    }
}
