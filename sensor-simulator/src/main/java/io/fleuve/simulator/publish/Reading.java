package io.fleuve.simulator.publish;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reading as it is published.
 *
 * @param sensor which gave it
 * @param region the key of the record
 * @param celsius the temperature
 * @param observedAt the timestamp of the record
 * @param recordedAt when it was measured in truth, if it was
 * @param scenarios the ids of the scenarios that changed it
 * @param headers of the record, as text
 */
public record Reading(
        String sensor,
        String region,
        double celsius,
        Instant observedAt,
        @Nullable Instant recordedAt,
        List<String> scenarios,
        Map<String, String> headers) {}
