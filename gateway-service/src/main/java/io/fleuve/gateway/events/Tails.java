package io.fleuve.gateway.events;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.Isolation;
import io.fleuve.gateway.kafka.KafkaClients;
import io.fleuve.gateway.kafka.TopicOffsets;
import io.fleuve.gateway.kafka.TopicOffsets.Topic;
import io.fleuve.gateway.kafka.TopicTail;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The tails that have readers, or had some a moment ago. */
final class Tails {

    private static final int MAX_POLL_RECORDS = 500;

    private final KafkaClients clients;
    private final TopicOffsets offsets;
    private final EventLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Tail> tails = new HashMap<>();

    Tails(KafkaClients clients, TopicOffsets offsets, EventLimits limits) {
        this.clients = clients;
        this.offsets = offsets;
        this.limits = limits;
    }

    private record Key(String topic, Isolation isolation) {}

    /**
     * The tail of a topic, kept until {@link #release}.
     *
     * @throws RestException 503 if there are too many
     */
    Tail acquire(Topic topic, Isolation isolation) {
        lock.lock();
        try {
            dropIdle();
            Key key = new Key(topic.name(), isolation);
            Tail tail = tails.get(key);
            if (tail == null || tail.isOver() || !tail.topic().id().equals(topic.id())) {
                tail = replace(key, topic, tail);
            }
            tail.addReader();
            return tail;
        } finally {
            lock.unlock();
        }
    }

    private Tail replace(Key key, Topic topic, @Nullable Tail old) {
        if (old == null && tails.size() >= limits.maxTails()) {
            throw new RestException(
                    new RestError(
                            503,
                            EventStreams.TOO_MANY_READERS,
                            "Events of %d topics are being read, which is all that this gateway allows. Try again later."
                                    .formatted(tails.size())),
                    limits.tailLinger());
        }
        Tail tail =
                new Tail(
                        topic,
                        key.isolation(),
                        offsets,
                        () ->
                                new TopicTail(
                                        clients,
                                        topic.name(),
                                        key.isolation(),
                                        MAX_POLL_RECORDS,
                                        Math.toIntExact(limits.fetchSize().toBytes())),
                        limits,
                        this::dropIdle);
        tails.put(key, tail);
        tail.start();
        return tail;
    }

    void release(Tail tail) {
        lock.lock();
        try {
            tail.removeReader();
            dropIdle();
        } finally {
            lock.unlock();
        }
    }

    /** Ends tails that nobody has followed for a while. */
    void dropIdle() {
        lock.lock();
        try {
            long now = System.nanoTime();
            tails.values()
                    .removeIf(
                            tail -> {
                                boolean idle = tail.isIdle(now);
                                if (idle) {
                                    tail.stop();
                                }
                                return idle;
                            });
        } finally {
            lock.unlock();
        }
    }

    /** Has all readers look whether the gateway is closing. */
    void alarm() {
        lock.lock();
        try {
            tails.values().forEach(tail -> tail.ring().alarm());
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return tails.size();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        List<Tail> open;
        lock.lock();
        try {
            open = List.copyOf(tails.values());
            tails.clear();
        } finally {
            lock.unlock();
        }
        open.forEach(Tail::stop);
        open.forEach(Tail::awaitEnd);
    }
}
