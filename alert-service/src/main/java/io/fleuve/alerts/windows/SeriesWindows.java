package io.fleuve.alerts.windows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The windows of one series, that is of one aggregation and one region or sensor, and how far its
 * event time has come. An immutable value: each reading makes a new one.
 *
 * <h2>When a window closes</h2>
 *
 * <ol>
 *   <li><b>By event time.</b> A window is over when the newest reading <i>of its own series</i> is
 *       at or past window end plus grace. Regions share partitions, but not clocks: a region whose
 *       readings lag behind the others' loses nothing, which Streams' own time for a whole task
 *       could not promise.
 *   <li><b>By the wall clock, for a series that fell silent.</b> Event time stands still without
 *       readings, so the last window would never close. Once the series has been silent for the
 *       configured idle time, a window closes if
 *       <ul>
 *         <li>its end plus grace lies before the wall clock: in real time nothing on time can
 *             arrive any more; in a replay of the past, whose readings arrive much faster than
 *             time, the idle time alone tells a replay that is over from one under way; or
 *         <li>it starts after the wall clock: readings from the future say that their source does
 *             not run by our clock (a replay faster than time, rebased to now), so that our clock
 *             says nothing about them and silence is the only sign there is.
 *       </ul>
 *       A window that the wall clock stands in stays open, however silent the series: its readings
 *       are still to come.
 * </ol>
 *
 * <p>A reading for a window that has closed is late, whatever closed it. Late readings never reopen
 * a window; where the aggregation asks for revisions, those of the last {@value #REVISABLE} windows
 * are added to what was published, which is published again with the next revision.
 *
 * <h2>Readings that come twice</h2>
 *
 * <p>With at-least-once processing a crash repeats readings that the restored state may already
 * hold. The state remembers the last position that it took from each sequence of the topic whose id
 * it also remembers, and leaves repeated ones out: the figures, and so the bytes published, are the
 * same as without the crash. A topic that was deleted and made again has another id and starts
 * afresh.
 *
 * @param sourceTopicId id of the topic that {@code applied} belongs to
 * @param streamTimeMs newest event time seen in this series
 * @param closedThroughMs what ends here or earlier may not change any more
 * @param applied last position taken, by sequence
 * @param open windows with readings that are not closed, in order of their ends
 * @param revisable published windows that late readings may revise, in order of their ends
 */
public record SeriesWindows(
        String sourceTopicId,
        long streamTimeMs,
        long closedThroughMs,
        Map<Integer, Long> applied,
        List<Window> open,
        List<Window> revisable) {

    /** How many published windows are kept for revision. */
    public static final int REVISABLE = 48;

    /**
     * Before all event time, and far enough from the smallest number that durations can be taken
     * off.
     */
    private static final long NEVER_MS = Long.MIN_VALUE / 2;

    private static final Comparator<Window> ORDER =
            Comparator.comparingLong(Window::endMs).thenComparingLong(Window::startMs);

    /**
     * A reading as a series counts it.
     *
     * @param sequence what the position belongs to: positions rise in it
     */
    public record Sample(int sequence, long position, long timeMs, double value) {}

    /** What one reading did. */
    public sealed interface Outcome {

        /**
         * The reading counts, at least in one window.
         *
         * @param closed windows that it closed by its time, in order
         * @param revised published windows that it was added to
         * @param late whether some of its windows had closed
         */
        record Counted(SeriesWindows next, List<Window> closed, List<Window> revised, boolean late)
                implements Outcome {}

        /** All windows of the reading have closed. */
        record Late(SeriesWindows next) implements Outcome {}

        /** The reading is in the figures already. */
        record Repeated() implements Outcome {}
    }

    /** What a look at the wall clock closed: no windows, mostly. */
    public record IdleClose(SeriesWindows next, List<Window> closed) {}

    public SeriesWindows {
        applied = Map.copyOf(applied);
        open = List.copyOf(open);
        revisable = List.copyOf(revisable);
    }

    /** A series without readings. */
    public static SeriesWindows empty(String sourceTopicId) {
        return new SeriesWindows(sourceTopicId, NEVER_MS, NEVER_MS, Map.of(), List.of(), List.of());
    }

    /** These windows without the memory of positions if they are those of another topic. */
    public SeriesWindows ofTopic(String topicId) {
        return sourceTopicId.equals(topicId)
                ? this
                : new SeriesWindows(
                        topicId, streamTimeMs, closedThroughMs, Map.of(), open, revisable);
    }

    /** Takes one reading in. */
    public Outcome add(Sample sample, Aggregation aggregation) {
        if (applied.getOrDefault(sample.sequence(), -1L) >= sample.position()) {
            return new Outcome.Repeated();
        }
        Map<Integer, Long> taken = new HashMap<>(applied);
        taken.put(sample.sequence(), sample.position());
        boolean session = aggregation.shape() instanceof WindowShape.Session;
        List<Window> nextOpen = new ArrayList<>(open);
        List<Window> nextRevisable = new ArrayList<>(revisable);
        List<Window> revised = new ArrayList<>();
        int counted = 0;
        int missed = 0;
        for (WindowShape.Span span : aggregation.shape().spansOf(sample.timeMs())) {
            if (session ? joinSession(nextOpen, span, sample) : count(nextOpen, span, sample)) {
                counted++;
            } else {
                missed++;
                if (aggregation.revisions() && !session) {
                    revise(nextRevisable, span, sample, revised);
                }
            }
        }
        if (counted == 0 && revised.isEmpty()) {
            return new Outcome.Late(
                    new SeriesWindows(
                            sourceTopicId, streamTimeMs, closedThroughMs, taken, open, revisable));
        }
        long nextStreamTimeMs =
                counted == 0 ? streamTimeMs : Math.max(streamTimeMs, sample.timeMs());
        long throughMs =
                Math.max(closedThroughMs, nextStreamTimeMs - aggregation.grace().toMillis());
        List<Window> closed = nextOpen.stream().filter(w -> w.endMs() <= throughMs).toList();
        nextOpen.removeIf(w -> w.endMs() <= throughMs);
        return new Outcome.Counted(
                new SeriesWindows(
                        sourceTopicId,
                        nextStreamTimeMs,
                        throughMs,
                        taken,
                        nextOpen,
                        kept(nextRevisable, closed, aggregation)),
                closed,
                revised,
                missed > 0);
    }

    /** Closes what the wall clock may close; to be asked only for a series that is idle. */
    public IdleClose closeIdle(long wallClockMs, Aggregation aggregation) {
        Duration grace = aggregation.grace();
        long throughMs =
                open.stream()
                        .filter(
                                w ->
                                        w.endMs() + grace.toMillis() <= wallClockMs
                                                || w.startMs() > wallClockMs)
                        .mapToLong(Window::endMs)
                        .max()
                        .orElse(NEVER_MS);
        // A source ahead of our clock may leave a window open that we stand in and close later
        // ones: it closes with them, because windows are published in order.
        List<Window> closed = open.stream().filter(w -> w.endMs() <= throughMs).toList();
        if (closed.isEmpty()) {
            return new IdleClose(this, List.of());
        }
        return new IdleClose(
                new SeriesWindows(
                        sourceTopicId,
                        streamTimeMs,
                        Math.max(closedThroughMs, throughMs),
                        applied,
                        open.stream().filter(w -> w.endMs() > throughMs).toList(),
                        kept(revisable, closed, aggregation)),
                closed);
    }

    private boolean count(List<Window> windows, WindowShape.Span span, Sample sample) {
        if (span.endMs() <= closedThroughMs) {
            return false;
        }
        int at = indexOf(windows, span);
        if (at >= 0) {
            windows.set(at, windows.get(at).plus(sample.timeMs(), sample.value(), 0));
        } else {
            windows.add(Window.first(span, 0, sample.timeMs(), sample.value()));
            windows.sort(ORDER);
        }
        return true;
    }

    /** Merges all sessions that the reading touches; a closed session is not opened again. */
    private boolean joinSession(List<Window> windows, WindowShape.Span span, Sample sample) {
        List<Window> touched =
                windows.stream()
                        .filter(w -> w.startMs() < span.endMs() && span.startMs() < w.endMs())
                        .toList();
        if (touched.isEmpty() && span.endMs() <= closedThroughMs) {
            return false;
        }
        Window merged = Window.first(span, 0, sample.timeMs(), sample.value());
        for (Window session : touched) {
            merged = merged.mergedWith(session);
        }
        windows.removeAll(touched);
        windows.add(merged);
        windows.sort(ORDER);
        return true;
    }

    private static void revise(
            List<Window> windows, WindowShape.Span span, Sample sample, List<Window> revised) {
        int at = indexOf(windows, span);
        Window next;
        if (at >= 0) {
            Window published = windows.get(at);
            next = published.plus(sample.timeMs(), sample.value(), published.revision() + 1);
            windows.set(at, next);
        } else if (windows.size() < REVISABLE || windows.getFirst().endMs() < span.endMs()) {
            next = Window.first(span, 1, sample.timeMs(), sample.value());
            windows.add(next);
            windows.sort(ORDER);
        } else {
            return;
        }
        revised.add(next);
    }

    private static List<Window> kept(
            List<Window> revisable, List<Window> closed, Aggregation aggregation) {
        if (!aggregation.revisions()) {
            return List.of();
        }
        List<Window> all = new ArrayList<>(revisable);
        all.addAll(closed);
        all.sort(ORDER);
        return all.size() <= REVISABLE ? all : all.subList(all.size() - REVISABLE, all.size());
    }

    private static int indexOf(List<Window> windows, WindowShape.Span span) {
        for (int i = 0; i < windows.size(); i++) {
            if (windows.get(i).startMs() == span.startMs()
                    && windows.get(i).endMs() == span.endMs()) {
                return i;
            }
        }
        return -1;
    }
}
