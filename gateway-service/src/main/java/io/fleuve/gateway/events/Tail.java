package io.fleuve.gateway.events;

import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.Isolation;
import io.fleuve.gateway.kafka.TopicOffsets;
import io.fleuve.gateway.kafka.TopicOffsets.Topic;
import io.fleuve.gateway.kafka.TopicTail;
import io.fleuve.gateway.kafka.TopicTail.Polled;
import java.time.Duration;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the end of one topic into a {@link Ring}, for all of its readers. One thread polls; another
 * asks now and then whether the topic is still the same, has more partitions, and is served: a
 * consumer alone would wait for a dead broker, or a deleted topic, in silence.
 */
final class Tail {

    private static final Logger LOGGER = LoggerFactory.getLogger(Tail.class);
    private static final Duration POLL = Duration.ofMillis(500);

    private final Topic topic;
    private final Isolation isolation;
    private final TopicOffsets offsets;
    private final Supplier<TopicTail> consumers;
    private final EventLimits limits;
    private final Runnable idleCheck;
    private final Ring ring;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Health health = new Health.Well();
    private volatile SortedSet<Integer> partitions;
    private @Nullable Thread poller;
    private int misses;
    // Guarded by the lock of Tails.
    private int readers;
    private long idleSinceNanos = System.nanoTime();

    Tail(
            Topic topic,
            Isolation isolation,
            TopicOffsets offsets,
            Supplier<TopicTail> consumers,
            EventLimits limits,
            Runnable idleCheck) {
        this.topic = topic;
        this.isolation = isolation;
        this.offsets = offsets;
        this.consumers = consumers;
        this.limits = limits;
        this.idleCheck = idleCheck;
        this.ring = new Ring(limits.ringRecords(), limits.ringSize().toBytes());
        this.partitions = topic.partitions();
    }

    void start() {
        // A poll sits in a selector, which would pin a virtual thread's carrier all the time.
        poller = Thread.ofPlatform().daemon().name("gateway-tail-" + topic.name()).start(this::run);
        Thread.ofVirtual().name("gateway-probe-" + topic.name()).start(this::watch);
    }

    Topic topic() {
        return topic;
    }

    Isolation isolation() {
        return isolation;
    }

    Ring ring() {
        return ring;
    }

    Health health() {
        return health;
    }

    boolean isOver() {
        return health instanceof Health.Ended || isStopped();
    }

    void stop() {
        stopped.countDown();
        ring.alarm();
    }

    /** Waits, though not for ever, until a tail that was stopped has closed its consumer. */
    void awaitEnd() {
        Thread thread = poller;
        try {
            if (thread != null) {
                thread.join(POLL.multipliedBy(4));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private void run() {
        try (TopicTail consumer = consumers.get()) {
            begin(consumer);
            while (!isOver()) {
                pollOnce(consumer);
            }
        } catch (KafkaException | IllegalStateException e) {
            end(EndReason.FAILED, e);
        } catch (RuntimeException | Error e) {
            LOGGER.atError()
                    .setCause(e)
                    .addKeyValue("topic", topic.name())
                    .log("tail ended by a defect of the gateway");
            end(EndReason.FAILED, e);
        }
    }

    private void begin(TopicTail consumer) {
        while (!isOver()) {
            try {
                SortedMap<Integer, Long> positions = consumer.begin(partitions);
                ring.open(positions);
                return;
            } catch (RetriableException e) {
                tell(new Health.Unavailable(messageOf(e)));
            }
        }
    }

    private void pollOnce(TopicTail consumer) {
        try {
            SortedSet<Integer> wanted = partitions;
            SortedMap<Integer, Long> known = ring.ends();
            if (!known.keySet().containsAll(wanted)) {
                ring.open(consumer.include(wanted));
            }
            Polled polled = consumer.poll(POLL);
            if (!polled.isEmpty()) {
                ring.publish(polled);
            }
        } catch (RetriableException e) {
            tell(new Health.Unavailable(messageOf(e)));
        }
    }

    private void watch() {
        try {
            while (!stopped.await(limits.probeInterval().toMillis(), TimeUnit.MILLISECONDS)) {
                if (!isOver()) {
                    probe();
                }
                idleCheck.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void probe() {
        try {
            Topic now = offsets.topic(topic.name());
            misses = 0;
            if (!now.id().equals(topic.id())) {
                end(EndReason.TOPIC_DELETED, "The topic was deleted and created again.");
            } else if (now.leaderless().isEmpty()) {
                partitions = now.partitions();
                tell(new Health.Well());
            } else {
                tell(
                        new Health.Unavailable(
                                "No broker serves partitions %s of the topic."
                                        .formatted(now.leaderless())));
            }
        } catch (RestException e) {
            // One broker may not know yet what the others do.
            misses++;
            if (misses > 1) {
                end(EndReason.TOPIC_DELETED, "The topic was deleted.");
            }
        } catch (InterruptException e) {
            Thread.currentThread().interrupt();
        } catch (KafkaException e) {
            tell(new Health.Unavailable(messageOf(e)));
        } catch (IllegalStateException e) {
            // The clients are closing, and the gateway with them.
            stop();
        }
    }

    private static String messageOf(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private void tell(Health now) {
        if (!(health instanceof Health.Ended) && !health.equals(now)) {
            health = now;
            ring.alarm();
        }
    }

    private void end(EndReason reason, Throwable cause) {
        if (!isStopped()) {
            LOGGER.atWarn()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("reason", messageOf(cause))
                    .log("tail ended");
        }
        end(reason, messageOf(cause));
    }

    private void end(EndReason reason, String message) {
        tell(new Health.Ended(reason, message));
    }

    void addReader() {
        readers++;
    }

    void removeReader() {
        readers--;
        idleSinceNanos = System.nanoTime();
    }

    boolean isIdle(long nowNanos) {
        return readers == 0 && nowNanos - idleSinceNanos >= limits.tailLinger().toNanos();
    }
}
