package io.fleuve.simulator.replay;

import io.fleuve.simulator.publish.TopicTail;
import io.fleuve.simulator.publish.TopicTail.Span;
import io.fleuve.simulator.publish.TopicTail.Stored;
import io.fleuve.simulator.replay.PublishedReadings.Newest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ends of a topic's partitions, read to find the newest reading of each series. The last few
 * records nearly always hold them all. But a sensor may have been silent, and other producers may
 * have written since: so all partitions are read further and further back until each series was
 * seen, within a bound.
 */
final class PublishedTail {

    /** Names the run of a reading, as {@link ReplayRun#format()} writes it. */
    static final String RUN_HEADER = "fleuve-replay-run";

    /** Names the series of a reading where the key does not. */
    static final String SERIES_HEADER = "fleuve-replay-series";

    private static final int FIRST_LOOK_RECORDS = 500;

    private final TopicTail tail;
    private final Set<String> series;
    private final int maxRecords;
    private final Map<String, Newest> newest = new HashMap<>();

    /**
     * @param series those to look for
     * @param maxRecords how far back each partition is read
     */
    PublishedTail(TopicTail tail, Set<String> series, int maxRecords) {
        this.tail = tail;
        this.series = series;
        this.maxRecords = maxRecords;
    }

    PublishedReadings read() {
        readBackwards(
                tail.partitions().stream()
                        .map(
                                span ->
                                        new Span(
                                                span.partition(),
                                                Math.max(span.begin(), span.end() - maxRecords),
                                                span.end()))
                        .toList());
        return new PublishedReadings(newest);
    }

    /** Reads from the ends of spans back to their beginnings, all at the same pace. */
    private void readBackwards(List<Span> all) {
        List<Span> left = all;
        for (long look = FIRST_LOOK_RECORDS; !newest.keySet().containsAll(series); look *= 2) {
            left = left.stream().filter(span -> span.end() > span.begin()).toList();
            if (left.isEmpty()) {
                return;
            }
            List<Span> rest = new ArrayList<>();
            for (Span span : left) {
                long from = Math.max(span.begin(), span.end() - look);
                tail.read(span.partition(), from, span.end(), this::note);
                rest.add(new Span(span.partition(), span.begin(), from));
            }
            left = rest;
        }
    }

    private void note(Stored stored) {
        runOf(stored)
                .ifPresent(
                        run ->
                                newest.merge(
                                        stored.headers().getOrDefault(SERIES_HEADER, stored.key()),
                                        new Newest(run, stored.timestamp()),
                                        PublishedTail::later));
    }

    private static Newest later(Newest a, Newest b) {
        return b.observedAt().isAfter(a.observedAt()) ? b : a;
    }

    private static Optional<ReplayRun> runOf(Stored stored) {
        @Nullable String run = stored.headers().get(RUN_HEADER);
        if (run == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(ReplayRun.parse(run));
        } catch (IllegalArgumentException _) {
            // Anyone may write to the topic: a header that we did not write is no reading of ours.
            return Optional.empty();
        }
    }
}
