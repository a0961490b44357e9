package io.fleuve.simulator.kafka;

import io.fleuve.simulator.replay.PublishedReadings;
import io.fleuve.simulator.replay.ReadingLog;
import io.fleuve.simulator.replay.RebasedReading;
import io.fleuve.simulator.replay.ReplayRun;
import io.fleuve.simulator.replay.UnreachableLogException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A topic of readings. The producer is idempotent and retries for as long as it takes, so a broker
 * that is away delays readings and neither loses, repeats nor reorders them; what waits is bounded
 * by a number of readings.
 */
public final class KafkaReadingLog implements ReadingLog {

    /** Names the run of a reading, as {@link ReplayRun#format()} writes it. */
    static final String RUN_HEADER = "fleuve-replay-run";

    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaReadingLog.class);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    private final ReadingTopic topic;
    private final Outcomes outcomes;
    private final Semaphore permits;
    private @Nullable Producer<String, byte[]> producer;
    private volatile boolean closed;

    public KafkaReadingLog(ReadingTopic topic, Outcomes outcomes) {
        this.topic = topic;
        this.outcomes = outcomes;
        this.permits = new Semaphore(topic.maxUnacknowledged());
    }

    @Override
    public PublishedReadings published(Set<String> regions) {
        createTopicIfAbsent();
        try {
            return new PublishedTail(topic, regions, ANSWER_TIMEOUT).read();
        } catch (RetriableException e) {
            throw unreachable(e);
        }
    }

    @Override
    public boolean offer(ReplayRun run, RebasedReading reading) {
        if (!permits.tryAcquire()) {
            return false;
        }
        ProducerRecord<String, byte[]> message =
                new ProducerRecord<>(
                        topic.name(),
                        null,
                        reading.observedAt().toEpochMilli(),
                        reading.recorded().region(),
                        ReadingJson.encode(reading),
                        List.of(
                                new RecordHeader(
                                        RUN_HEADER,
                                        run.format().getBytes(StandardCharsets.UTF_8))));
        Delivery delivery = new Delivery(reading);
        var _ = producer().send(message, delivery);
        return !delivery.wasNotTaken;
    }

    @Override
    public int unacknowledged() {
        return topic.maxUnacknowledged() - permits.availablePermits();
    }

    @Override
    public boolean flush(Duration timeout) {
        try {
            boolean done =
                    permits.tryAcquire(
                            topic.maxUnacknowledged(), timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (done) {
                permits.release(topic.maxUnacknowledged());
            }
            return done;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        if (producer != null) {
            producer.close(Duration.ZERO);
        }
    }

    /** What becomes of one reading. */
    private final class Delivery implements Callback {

        private final RebasedReading reading;
        private final Thread offering = Thread.currentThread();
        private volatile boolean wasNotTaken;

        Delivery(RebasedReading reading) {
            this.reading = reading;
        }

        @Override
        public void onCompletion(RecordMetadata metadata, @Nullable Exception e) {
            permits.release();
            if (closed) {
                // Given up: a later run looks up what became of it.
                return;
            }
            if (e == null) {
                outcomes.acknowledged(reading);
            } else if (e instanceof RetriableException && Thread.currentThread() == offering) {
                // The producer had no room, or does not know the topic's leaders yet: it never took
                // the reading.
                wasNotTaken = true;
            } else {
                outcomes.failed(reading, e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        }
    }

    private Producer<String, byte[]> producer() {
        if (producer == null) {
            producer =
                    new KafkaProducer<>(
                            topic.client(
                                    "producer",
                                    Map.of(
                                            ProducerConfig.ACKS_CONFIG,
                                            "all",
                                            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                            true,
                                            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                            Integer.MAX_VALUE,
                                            ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                            1_000L,
                                            ProducerConfig.BUFFER_MEMORY_CONFIG,
                                            8L << 20)),
                            new StringSerializer(),
                            new ByteArraySerializer());
        }
        return producer;
    }

    private void createTopicIfAbsent() {
        // Replayed readings are months old on arrival: retention by time would delete them at once.
        NewTopic absent =
                new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
                        .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1"));
        try (Admin admin = admin()) {
            admin.createTopics(List.of(absent)).all().get();
            LOGGER.atInfo()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("partitions", topic.partitions())
                    .log("topic created");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case TopicExistsException _ -> {
                    // Whoever came first made it.
                }
                case AuthorizationException _ -> {
                    // May not create topics: then it must be there, which reading it will show.
                }
                case RetriableException retriable -> throw unreachable(retriable);
                case null, default ->
                        throw new IllegalStateException(
                                "cannot create topic '%s': %s"
                                        .formatted(topic.name(), e.getMessage()),
                                e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e);
        }
    }

    private Admin admin() {
        try {
            return Admin.create(
                    topic.client(
                            "admin",
                            Map.of(
                                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                    (int) ANSWER_TIMEOUT.toMillis() / 2,
                                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                    (int) ANSWER_TIMEOUT.toMillis())));
        } catch (KafkaException e) {
            // A host that has no name yet may get one: in a cluster, names come and go with their
            // containers.
            if (e.getCause() instanceof ConfigException config
                    && String.valueOf(config.getMessage())
                            .contains("No resolvable bootstrap urls")) {
                throw unreachable(config);
            }
            throw e;
        }
    }

    private UnreachableLogException unreachable(Exception cause) {
        return new UnreachableLogException(
                "no answer from %s: %s".formatted(topic.bootstrapServers(), cause.getMessage()),
                cause);
    }
}
