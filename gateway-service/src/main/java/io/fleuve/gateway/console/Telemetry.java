package io.fleuve.gateway.console;

import io.fleuve.gateway.kafka.ClusterSurvey;
import io.fleuve.gateway.kafka.ClusterSurvey.TopicState;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the cluster while somebody looks at it, and remembers the last minutes. However many
 * browsers ask, the brokers are asked once an interval; when nobody has asked for as long as the
 * history reaches, watching stops until somebody does.
 */
public final class Telemetry implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Telemetry.class);
    private static final long FIRST_LOOK_MS = 15_000;
    // Sizes are told in steps; over some intervals they become a rate.
    private static final int BYTES_WINDOW = 5;

    private final Supplier<ClusterSurvey.Result> surveys;
    private final Supplier<Produced> produced;
    private final Clock clock;
    private final Duration interval;
    private final Duration history;
    private final int maxPoints;
    private final int sparkline;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean watching;
    private boolean closed;
    private long lastAskedMs;
    private long rounds;

    private final Deque<Point> points = new ArrayDeque<>();
    private final Deque<Look> looks = new ArrayDeque<>();
    private final Map<String, Deque<Double>> topicRates = new HashMap<>();
    private ClusterSurvey.@Nullable Result last;
    private long lastMs;
    private @Nullable String failure;

    public Telemetry(
            Supplier<ClusterSurvey.Result> surveys,
            Supplier<Produced> produced,
            ConsoleProperties properties,
            Clock clock) {
        this.surveys = surveys;
        this.produced = produced;
        this.clock = clock;
        this.interval = properties.interval();
        this.history = properties.history();
        this.maxPoints = properties.points();
        this.sparkline = properties.sparkline();
    }

    /** What this gateway has produced so far. */
    public record Produced(long count, double totalMillis) {}

    /** One interval. */
    record Point(
            long atMs,
            double messagesPerSecond,
            @Nullable Double bytesPerSecond,
            double brokerMillis,
            @Nullable Double produceMillis,
            long lag) {}

    /** What was counted at one time. */
    private record Look(
            long atMs, Map<String, TopicState> topics, @Nullable Long bytes, Produced produced) {}

    /**
     * What is known now.
     *
     * @param survey null if no broker has answered yet
     * @param topicRates messages a second of the latest intervals, oldest first
     * @param failure why the latest look failed; null if it did not
     */
    record View(
            ClusterSurvey.@Nullable Result survey,
            long atMs,
            List<Point> points,
            Map<String, List<Double>> topicRates,
            @Nullable String failure) {}

    /** The latest view; the first who asks after a pause waits for a fresh one. */
    View view() {
        lock.lock();
        try {
            lastAskedMs = clock.millis();
            if (!watching && !closed) {
                watching = true;
                Thread.ofVirtual().name("gateway-console-telemetry").start(this::watch);
                awaitRound(rounds + 1);
            } else if (rounds == 0) {
                awaitRound(1);
            }
            return known();
        } finally {
            lock.unlock();
        }
    }

    /** What is known, without looking. */
    View known() {
        lock.lock();
        try {
            Map<String, List<Double>> rates = new HashMap<>();
            topicRates.forEach((topic, values) -> rates.put(topic, List.copyOf(values)));
            return new View(last, lastMs, List.copyOf(points), rates, failure);
        } finally {
            lock.unlock();
        }
    }

    private void awaitRound(long round) {
        long left = TimeUnit.MILLISECONDS.toNanos(FIRST_LOOK_MS);
        try {
            while (rounds < round && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (rounds < round && failure == null) {
            failure = "The brokers have not answered yet.";
        }
    }

    private void watch() {
        while (true) {
            look();
            lock.lock();
            try {
                rounds++;
                changed.signalAll();
                long left = interval.toNanos();
                while (left > 0 && !closed) {
                    left = changed.awaitNanos(left);
                }
                if (closed || clock.millis() - lastAskedMs > history.toMillis()) {
                    watching = false;
                    return;
                }
            } catch (InterruptedException e) {
                watching = false;
                return;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Asks once and takes note of the answer. */
    void look() {
        try {
            ClusterSurvey.Result result = surveys.get();
            note(result);
        } catch (KafkaException e) {
            fail(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        } catch (IllegalStateException e) {
            // The client is being closed, or failed in a way that is no answer of a broker.
            fail("The gateway could not ask the brokers: " + e.getMessage());
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).log("looking at the cluster failed by a defect");
            fail("The gateway could not look at the cluster; its log says why.");
        }
    }

    private void fail(String reason) {
        lock.lock();
        try {
            failure = reason;
        } finally {
            lock.unlock();
        }
    }

    private void note(ClusterSurvey.Result result) {
        lock.lock();
        try {
            long now = clock.millis();
            Look look = new Look(now, byName(result), totalBytes(result), produced.get());
            Look before = looks.peekLast();
            if (before != null && now > before.atMs()) {
                if (now - before.atMs() > 5 * interval.toMillis()) {
                    // After a pause a rate would be an average over it: begin anew.
                    topicRates.clear();
                    looks.clear();
                } else {
                    points.addLast(point(before, look, result));
                    noteTopicRates(before, look);
                }
            }
            looks.addLast(look);
            if (looks.size() > BYTES_WINDOW) {
                looks.removeFirst();
            }
            while (!points.isEmpty()
                    && (points.size() > maxPoints
                            || points.getFirst().atMs() < now - history.toMillis())) {
                points.removeFirst();
            }
            last = result;
            lastMs = now;
            failure = null;
        } finally {
            lock.unlock();
        }
    }

    private static Map<String, TopicState> byName(ClusterSurvey.Result result) {
        Map<String, TopicState> topics = new HashMap<>();
        result.topics().forEach(topic -> topics.put(topic.name(), topic));
        return topics;
    }

    static @Nullable Long totalBytes(ClusterSurvey.Result result) {
        Long total = null;
        for (TopicState topic : result.topics()) {
            if (topic.bytes() != null) {
                total = topic.bytes() + (total == null ? 0 : total);
            }
        }
        return total;
    }

    private Point point(Look before, Look now, ClusterSurvey.Result result) {
        double messages = 0;
        for (TopicState topic : now.topics().values()) {
            messages += messagesPerSecond(before, now, topic);
        }
        long calls = now.produced().count() - before.produced().count();
        return new Point(
                now.atMs(),
                messages,
                bytesPerSecond(looks.getFirst(), now),
                result.answeredIn().toNanos() / 1e6,
                calls <= 0
                        ? null
                        : (now.produced().totalMillis() - before.produced().totalMillis()) / calls,
                result.groups().stream().mapToLong(ClusterSurvey.Group::lag).sum());
    }

    private static double messagesPerSecond(Look before, Look now, TopicState topic) {
        TopicState old = before.topics().get(topic.name());
        if (old == null) {
            return 0;
        }
        long messages = 0;
        for (Map.Entry<Integer, Long> entry : topic.ends().entrySet()) {
            Long was = old.ends().get(entry.getKey());
            // A topic that was made anew under its old name begins at zero again.
            messages += was == null ? 0 : Math.max(0, entry.getValue() - was);
        }
        return messages / seconds(before, now);
    }

    private static @Nullable Double bytesPerSecond(Look before, Look now) {
        if (before.bytes() == null || now.bytes() == null) {
            return null;
        }
        long grown = 0;
        for (TopicState topic : now.topics().values()) {
            TopicState old = before.topics().get(topic.name());
            Long bytes = topic.bytes();
            Long was = old == null ? null : old.bytes();
            if (bytes != null && was != null) {
                // What retention and compaction drop is not a negative intake.
                grown += Math.max(0, bytes - was);
            }
        }
        return grown / seconds(before, now);
    }

    private static double seconds(Look before, Look now) {
        return (now.atMs() - before.atMs()) / 1e3;
    }

    private void noteTopicRates(Look before, Look now) {
        topicRates.keySet().retainAll(now.topics().keySet());
        now.topics()
                .forEach(
                        (name, topic) -> {
                            Deque<Double> rates =
                                    topicRates.computeIfAbsent(name, _ -> new ArrayDeque<>());
                            rates.addLast(messagesPerSecond(before, now, topic));
                            if (rates.size() > sparkline) {
                                rates.removeFirst();
                            }
                        });
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
