package io.fleuve.alerts.streams;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The open windows of one region, and how far its event time has come. An immutable value: each
 * reading makes a new one.
 *
 * <h2>When a window closes</h2>
 *
 * <ol>
 *   <li><b>By event time.</b> A window is over when the newest reading <i>of its own region</i> is
 *       at or past window end plus grace. Regions share partitions, but not clocks: a region whose
 *       readings lag behind the others' loses nothing, which Streams' own time for a whole task
 *       could not promise.
 *   <li><b>By the wall clock, for a region that fell silent.</b> Event time stands still without
 *       readings, so the last window would never close. Once the region has sent nothing for {@link
 *       Windowing#idleAfter()}, a window closes if
 *       <ul>
 *         <li>its end plus grace lies before the wall clock: in real time nothing on time can
 *             arrive any more; in a replay of the past, whose readings arrive much faster than
 *             time, the idle time alone tells a replay that is over from one under way; or
 *         <li>it starts after the wall clock: readings from the future say that their source does
 *             not run by our clock (a replay faster than time, rebased to now), so that our clock
 *             says nothing about them and silence is the only sign there is.
 *       </ul>
 *       A window that the wall clock stands in stays open, however silent the region: its readings
 *       are still to come.
 * </ol>
 *
 * <p>The idle time counts from the later of the last reading and the start of the task, so a
 * service that was away first reads what it missed. It should exceed the longest expected pause of
 * a replay or outage of the broker: a reading for a window that has closed is late, whatever closed
 * it. Late readings are counted and never reopen a window, so that each window has one final
 * average.
 *
 * <h2>Readings that come twice</h2>
 *
 * <p>With at-least-once processing a crash repeats readings that the restored state may already
 * hold. The state remembers the last offset that it took from each sequence ({@link
 * ReadingOrigin#sequence()}) of the topic whose id it also remembers, and leaves repeated ones out:
 * the figures, and so the bytes published, are the same as without the crash. A topic that was
 * deleted and made again has another id and starts afresh.
 *
 * @param sourceTopicId id of the topic that {@code applied} belongs to
 * @param streamTimeMs newest event time seen in this region
 * @param closedThroughMs end of the last window that may not change any more
 * @param applied last offset taken, by sequence
 * @param open windows with readings that are not closed, in order of their start
 */
record RegionWindows(
        String sourceTopicId,
        long streamTimeMs,
        long closedThroughMs,
        Map<Integer, Long> applied,
        List<WindowTotal> open) {

    /** What one reading did. */
    sealed interface Outcome {

        /**
         * The reading counts.
         *
         * @param closed windows that it closed by its time, in order
         */
        record Counted(RegionWindows next, List<WindowTotal> closed) implements Outcome {}

        /** The reading's window has closed. */
        record Late(RegionWindows next) implements Outcome {}

        /** The reading is in the figures already. */
        record Repeated() implements Outcome {}
    }

    /** What a look at the wall clock closed: no windows, mostly. */
    record IdleClose(RegionWindows next, List<WindowTotal> closed) {}

    RegionWindows {
        applied = Map.copyOf(applied);
        open = List.copyOf(open);
    }

    static RegionWindows empty(String sourceTopicId) {
        return new RegionWindows(
                sourceTopicId, Long.MIN_VALUE, Long.MIN_VALUE, Map.of(), List.of());
    }

    /**
     * These windows without the memory of offsets if they are those of another topic than {@code
     * topicId}.
     */
    RegionWindows ofTopic(String topicId) {
        return sourceTopicId.equals(topicId)
                ? this
                : new RegionWindows(topicId, streamTimeMs, closedThroughMs, Map.of(), open);
    }

    /** Takes one reading in. */
    Outcome add(ReadingOrigin origin, long observedAtMs, double celsius, Windowing windowing) {
        if (applied.getOrDefault(origin.sequence(), -1L) >= origin.offset()) {
            return new Outcome.Repeated();
        }
        Map<Integer, Long> nextApplied = new HashMap<>(applied);
        nextApplied.put(origin.sequence(), origin.offset());

        long startMs = windowing.startOf(observedAtMs);
        long endMs = startMs + windowing.size().toMillis();
        if (endMs <= closedThroughMs) {
            return new Outcome.Late(
                    new RegionWindows(
                            sourceTopicId, streamTimeMs, closedThroughMs, nextApplied, open));
        }
        List<WindowTotal> counted = count(startMs, endMs, celsius);
        long nextStreamTimeMs = Math.max(streamTimeMs, observedAtMs);
        long nextClosedThroughMs =
                Math.max(closedThroughMs, windowing.closedThrough(nextStreamTimeMs));
        return new Outcome.Counted(
                new RegionWindows(
                        sourceTopicId,
                        nextStreamTimeMs,
                        nextClosedThroughMs,
                        nextApplied,
                        counted.stream().filter(w -> w.endMs() > nextClosedThroughMs).toList()),
                counted.stream().filter(w -> w.endMs() <= nextClosedThroughMs).toList());
    }

    /** Closes what the wall clock may close; to be asked only for a region that is idle. */
    IdleClose closeIdle(long wallClockMs, Windowing windowing) {
        List<WindowTotal> closed =
                open.stream()
                        .filter(
                                w ->
                                        w.endMs() + windowing.grace().toMillis() <= wallClockMs
                                                || w.startMs() > wallClockMs)
                        .toList();
        if (closed.isEmpty()) {
            return new IdleClose(this, List.of());
        }
        // A source ahead of our clock may leave a window open that we stand in and close later
        // ones: it closes with
        // them, because windows are published in order.
        long throughMs = closed.getLast().endMs();
        return new IdleClose(
                new RegionWindows(
                        sourceTopicId,
                        streamTimeMs,
                        Math.max(closedThroughMs, throughMs),
                        applied,
                        open.stream().filter(w -> w.endMs() > throughMs).toList()),
                open.stream().filter(w -> w.endMs() <= throughMs).toList());
    }

    private List<WindowTotal> count(long startMs, long endMs, double celsius) {
        List<WindowTotal> next = new ArrayList<>(open);
        for (int i = 0; i < next.size(); i++) {
            if (next.get(i).startMs() == startMs && next.get(i).endMs() == endMs) {
                next.set(i, next.get(i).plus(celsius));
                return next;
            }
        }
        next.add(WindowTotal.first(startMs, endMs, celsius));
        next.sort(Comparator.comparingLong(WindowTotal::endMs));
        return next;
    }
}
