package io.fleuve.simulator.replay;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What replays have published so far: the newest reading of each series (a region, or a sensor of
 * one).
 *
 * @param newest by series; one of which nothing is known is absent
 */
public record PublishedReadings(Map<String, Newest> newest) {

    public PublishedReadings {
        newest = Map.copyOf(newest);
    }

    /**
     * The newest reading of a series.
     *
     * @param run the run that published it
     * @param observedAt the time it was published under
     */
    public record Newest(ReplayRun run, Instant observedAt) {}

    /** Nothing has been published yet. */
    public static PublishedReadings none() {
        return new PublishedReadings(Map.of());
    }

    /** The times up to which readings of a series are published: an earlier one would come late. */
    Map<String, Instant> floors() {
        Map<String, Instant> floors = new HashMap<>();
        newest.forEach((series, reading) -> floors.put(series, reading.observedAt()));
        return floors;
    }

    /**
     * The latest run of a source. Runs never overlap, so that is the one that began at the latest
     * time.
     */
    Optional<ReplayRun> latestRunOf(String source) {
        return runs().stream()
                .filter(run -> run.source().equals(source))
                .max((a, b) -> a.observedFrom().compareTo(b.observedFrom()));
    }

    private Collection<ReplayRun> runs() {
        return newest.values().stream().map(Newest::run).distinct().toList();
    }
}
