package io.fleuve.gateway.events;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.events.EventStream.Sources;
import io.fleuve.gateway.kafka.KafkaClients;
import io.fleuve.gateway.kafka.TopicOffsets;
import io.fleuve.gateway.kafka.TopicOffsets.Topic;
import io.fleuve.gateway.kafka.TopicReader;
import io.fleuve.gateway.read.Starts;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Lets readers of events in, as many as are allowed, and sends them out again at the end. */
public final class EventStreams implements AutoCloseable {

    /** Confluent's numbers end earlier: this one is ours. */
    static final int TOO_MANY_READERS = 50305;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final Duration GOODBYE = Duration.ofSeconds(5);

    private final TopicOffsets offsets;
    private final Starts starts;
    private final EventLimits limits;
    private final Tails tails;
    private final EventMeters meters;
    private final Sources sources;
    private final AtomicInteger readers = new AtomicInteger();
    private volatile boolean closing;

    /**
     * @param reader for what is older than the tails keep; its consumers bound how many catch up at
     *     once
     */
    public EventStreams(
            KafkaClients clients,
            TopicOffsets offsets,
            TopicReader reader,
            EventLimits limits,
            JsonMapper mapper,
            MeterRegistry registry) {
        this.offsets = offsets;
        this.starts = new Starts(offsets);
        this.limits = limits;
        this.tails = new Tails(clients, offsets, limits);
        this.meters = new EventMeters(registry, readers, tails);
        this.sources = new Sources(offsets, reader, limits, meters, mapper, () -> closing);
    }

    /** Where events go, once it is known that there will be some. */
    @FunctionalInterface
    interface Connection {

        /** Begins the answer. */
        java.io.OutputStream open() throws IOException;
    }

    /** Where to begin, and why not where the reader was. */
    private record Start(SortedMap<Integer, Long> offsets, @Nullable String reset) {}

    /**
     * Serves a reader until it goes or has to go.
     *
     * @throws RestException before the connection is opened: 400, 40401, 40402, 41601, or 50305
     *     with a time to come back when there are too many readers
     */
    void serve(EventsRequest request, Connection connection) {
        if (readers.incrementAndGet() > limits.maxReaders() || closing) {
            readers.decrementAndGet();
            throw new RestException(
                    new RestError(
                            503,
                            TOO_MANY_READERS,
                            "%d connections are reading events, which is all that this gateway allows. Try again later."
                                    .formatted(limits.maxReaders())),
                    RETRY_AFTER);
        }
        try {
            Topic topic = offsets.topic(request.topic());
            Start start = startOf(request, topic);
            Tail tail = tails.acquire(topic, request.isolation());
            try {
                send(request, tail, start, connection);
            } finally {
                tails.release(tail);
            }
        } finally {
            readers.decrementAndGet();
        }
    }

    private void send(EventsRequest request, Tail tail, Start start, Connection connection) {
        try {
            EventWriter writer = new EventWriter(connection.open(), limits.slowWriteTimeout());
            EndReason reason =
                    new EventStream(request, tail, start.offsets(), sources, writer)
                            .run(start.reset());
            meters.ended(reason.code());
            if (reason == EndReason.SLOW_READER) {
                meters.slow();
            }
        } catch (IOException e) {
            if (isTimeout(e)) {
                // It took nothing at all for as long as the server waits: no reason reaches it.
                meters.slow();
                meters.ended(EndReason.SLOW_READER.code());
            } else {
                meters.ended("client");
            }
        }
    }

    private static boolean isTimeout(IOException e) {
        @Nullable Throwable cause = e;
        while (cause != null) {
            if (cause instanceof SocketTimeoutException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private Start startOf(EventsRequest request, Topic topic) {
        SortedSet<Integer> partitions = Starts.choose(topic, request.partitions());
        Position position = request.position();
        if (position == null) {
            return new Start(
                    starts.resolve(topic.name(), partitions, request.from(), request.isolation()),
                    null);
        }
        if (!position.isOf(topic.id())) {
            // Everything in it is new to this reader.
            return new Start(
                    offsets.begins(topic.name(), partitions),
                    "The topic was deleted and created again since; these are its records from the start.");
        }
        SortedMap<Integer, Long> found = new TreeMap<>(position.next());
        found.keySet().retainAll(partitions);
        SortedSet<Integer> others = new TreeSet<>(partitions);
        others.removeAll(found.keySet());
        // Of all partitions, those that it does not name were added since.
        found.putAll(
                request.allPartitions()
                        ? offsets.begins(topic.name(), others)
                        : starts.resolve(
                                topic.name(), others, request.from(), request.isolation()));
        return new Start(found, null);
    }

    /** Tells all readers to go elsewhere, and waits a moment for them to have been told. */
    @Override
    public void close() {
        closing = true;
        long deadline = System.nanoTime() + GOODBYE.toNanos();
        while (readers.get() > 0 && System.nanoTime() < deadline) {
            tails.alarm();
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        tails.close();
    }
}
