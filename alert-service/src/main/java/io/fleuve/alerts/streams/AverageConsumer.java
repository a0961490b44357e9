package io.fleuve.alerts.streams;

import io.fleuve.alerts.windows.WindowResult;
import io.fleuve.alerts.windows.WindowResultCodec;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the published averages to whoever evaluates them, in the order of each region's windows.
 *
 * <p>The listener is called with a batch and keeps it durably before it returns; only then are
 * offsets committed. If it throws, the batch is read and given again, after a pause. A batch can
 * come twice, so the listener has to be idempotent.
 */
public final class AverageConsumer implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(AverageConsumer.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int MAX_BATCH = 200;

    private final StreamsSettings settings;
    private final String topic;
    private final InstanceIdentity instance;
    private final Consumer<List<WindowResult>> listener;
    private final WindowResultCodec codec = new WindowResultCodec();
    private final RegionTemperatures temperatures;
    private final Counter evaluated;
    private final Counter undecodable;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;

    public AverageConsumer(
            StreamsSettings settings,
            TopicSettings topics,
            Consumer<List<WindowResult>> listener,
            InstanceIdentity instance,
            MeterRegistry registry) {
        this.instance = instance;
        this.settings = settings;
        this.topic = topics.averages();
        this.listener = listener;
        this.temperatures = new RegionTemperatures(registry);
        this.evaluated =
                Counter.builder("fleuve.alerts.averages.consumed")
                        .description("Averages given to the rules")
                        .register(registry);
        this.undecodable =
                Counter.builder("fleuve.alerts.averages.undecodable")
                        .description("Records of the averages topic that are no averages")
                        .register(registry);
        this.thread = Thread.ofPlatform().name("alerts-evaluation").unstarted(this::run);
    }

    /** Begins; returns at once, whether there is a broker or not. */
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        stopped.countDown();
        KafkaConsumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
        try {
            thread.join(settings.closeTimeout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        RetryPause pause = new RetryPause(stopped, settings.retryBackoffMax());
        while (stopped.getCount() > 0) {
            try (KafkaConsumer<byte[], byte[]> current = new KafkaConsumer<>(properties())) {
                consumer = current;
                current.subscribe(List.of(topic), new ForgetWhatMoves());
                consume(current, pause);
            } catch (WakeupException e) {
                LOGGER.atDebug().log("evaluation was woken to stop");
            } catch (KafkaException e) {
                LOGGER.atWarn()
                        .addKeyValue("topic", topic)
                        .addKeyValue("reason", e.getMessage())
                        .log("averages cannot be read now, will be tried again");
            } catch (RuntimeException e) {
                LOGGER.atError().setCause(e).log("evaluation stopped unexpectedly, starts again");
            } finally {
                consumer = null;
            }
            if (!pause.await()) {
                return;
            }
        }
    }

    private void consume(KafkaConsumer<byte[], byte[]> current, RetryPause pause) {
        while (stopped.getCount() > 0) {
            ConsumerRecords<byte[], byte[]> records = current.poll(POLL);
            if (records.isEmpty()) {
                continue;
            }
            if (isKept(decode(records))) {
                pause.reset();
                commit(current);
            } else {
                rewind(current, records);
                if (!pause.await()) {
                    return;
                }
            }
        }
    }

    private boolean isKept(List<WindowResult> averages) {
        try {
            listener.accept(averages);
            evaluated.increment(averages.size());
            temperatures.note(averages);
            return true;
        } catch (RuntimeException e) {
            LOGGER.atWarn()
                    .addKeyValue("averages", averages.size())
                    .setCause(e)
                    .log("averages could not be evaluated and will be evaluated again");
            return false;
        }
    }

    private static void commit(KafkaConsumer<byte[], byte[]> current) {
        try {
            current.commitSync();
        } catch (CommitFailedException | RebalanceInProgressException e) {
            // Another instance reads these averages again and finds them evaluated.
            LOGGER.atInfo().log("partitions moved before offsets were committed");
        }
    }

    private static void rewind(
            KafkaConsumer<byte[], byte[]> current, ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            current.seek(partition, records.records(partition).getFirst().offset());
        }
    }

    private List<WindowResult> decode(ConsumerRecords<byte[], byte[]> records) {
        List<WindowResult> averages = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Optional<WindowResult> average = codec.decode(record.value());
            if (average.isPresent()) {
                averages.add(average.get());
            } else {
                undecodable.increment();
                LOGGER.atWarn()
                        .addKeyValue("topic", record.topic())
                        .addKeyValue("partition", record.partition())
                        .addKeyValue("offset", record.offset())
                        .log("a record that is no average was skipped");
            }
        }
        return averages;
    }

    private final class ForgetWhatMoves implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            temperatures.forget();
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // Their regions are told when their next windows close.
        }
    }

    private Map<String, Object> properties() {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.applicationId() + "-evaluation");
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_BATCH);
        // A topic that is created after the subscription is noticed this soon.
        config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 5_000);
        config.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000);
        config.put(ConsumerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, 1_500);
        config.put(ConsumerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, 1_500);
        config.put(
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                Math.toIntExact(settings.sessionTimeout().toMillis()));
        config.put(
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                Math.toIntExact(settings.sessionTimeout().toMillis() / 3));
        instance.id().ifPresent(id -> config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, id));
        config.putAll(settings.properties());
        return config;
    }
}
