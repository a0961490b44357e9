package io.fleuve.conformance.fuzz;

import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What was sent, what came back, and what should not have. Counted from many threads. */
final class FuzzTally {

    private static final int MAX_FAULTS = 100;

    private final LongAdder sent = new LongAdder();
    private final LongAdder seen = new LongAdder();
    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> endings = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> loiterers = new ConcurrentHashMap<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger faultCount = new AtomicInteger();

    /**
     * @param frames how many frames were written to a connection
     * @param looked how many of them the broker has certainly looked at: those it has answered, and
     *     the one it closed the connection for
     */
    void connection(String ending, int frames, int looked) {
        sent.add(frames);
        seen.add(looked);
        count(endings, ending);
    }

    void answer(String kind) {
        count(answers, kind);
    }

    void loiterer(String kind) {
        count(loiterers, kind);
    }

    void fault(String what) {
        if (faultCount.incrementAndGet() <= MAX_FAULTS) {
            faults.add(what);
        }
    }

    private static void count(Map<String, LongAdder> counters, String kind) {
        counters.computeIfAbsent(kind, _ -> new LongAdder()).increment();
    }

    long sent() {
        return sent.sum();
    }

    long seen() {
        return seen.sum();
    }

    Map<String, Long> answers() {
        return sums(answers);
    }

    Map<String, Long> endings() {
        return sums(endings);
    }

    Map<String, Long> loiterers() {
        return sums(loiterers);
    }

    int faultCount() {
        return faultCount.get();
    }

    Collection<String> faults() {
        return faults;
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counters) {
        Map<String, Long> sums = new TreeMap<>();
        counters.forEach((kind, counter) -> sums.put(kind, counter.sum()));
        return sums;
    }
}
