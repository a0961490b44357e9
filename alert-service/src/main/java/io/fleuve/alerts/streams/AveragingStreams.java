package io.fleuve.alerts.streams;

import io.fleuve.alerts.readings.CalibrationsInUse;
import io.fleuve.alerts.readings.ReadingLimits;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the topology for as long as the service runs: waits for a broker, creates topics, starts
 * Streams, and starts it again should it give up.
 *
 * <p>A stop leaves the consumer group, so that others get its partitions at once. After a crash the
 * group knows the instance again ({@link InstanceIdentity}), so that it goes on at once; if it does
 * not come back, others take over after the session timeout.
 */
public final class AveragingStreams implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(AveragingStreams.class);

    private final StreamsSettings settings;
    private final TopicSettings topics;
    private final Windowing windowing;
    private final ReadingLimits limits;
    private final CalibrationsInUse calibrations;
    private final StreamMetrics metrics;
    private final InstanceIdentity instance;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread supervisor;
    private volatile @Nullable KafkaStreams streams;

    public AveragingStreams(
            StreamsSettings settings,
            TopicSettings topics,
            Windowing windowing,
            ReadingLimits limits,
            InstanceIdentity instance,
            CalibrationsInUse calibrations,
            MeterRegistry registry) {
        this.settings = settings;
        this.topics = topics;
        this.windowing = windowing;
        this.limits = limits;
        this.instance = instance;
        this.calibrations = calibrations;
        this.metrics = new StreamMetrics(registry);
        this.supervisor =
                Thread.ofPlatform().name("alerts-streams-supervisor").unstarted(this::supervise);
        for (KafkaStreams.State state : KafkaStreams.State.values()) {
            Gauge.builder("fleuve.alerts.streams.state", () -> state == state() ? 1 : 0)
                    .description("1 for the state that Kafka Streams is in, 0 for the others")
                    .tag("state", state.name())
                    .register(registry);
        }
    }

    /** Begins; returns at once, whether there is a broker or not. */
    public void start() {
        supervisor.start();
    }

    /**
     * Whether readings are being processed, or will be as soon as partitions are assigned again.
     */
    public boolean isRunning() {
        KafkaStreams current = streams;
        return current != null && current.state().isRunningOrRebalancing();
    }

    /** The state that Kafka Streams reports, for people. */
    public String stateName() {
        return streams == null ? "WAITING_FOR_BROKER" : state().name();
    }

    private KafkaStreams.State state() {
        KafkaStreams current = streams;
        return current == null ? KafkaStreams.State.CREATED : current.state();
    }

    @Override
    public void close() {
        stopped.countDown();
        if (streams == null) {
            // Waiting for a broker that may be away for long.
            supervisor.interrupt();
        }
        try {
            supervisor.join(settings.closeTimeout().plusSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void supervise() {
        RetryPause pause = new RetryPause(stopped, settings.retryBackoffMax());
        while (stopped.getCount() > 0) {
            try {
                // Readings must not pass before it is known what to do with them.
                windowing.aggregations();
                calibrations.current();
                runOnce(provision(), pause);
            } catch (KafkaException e) {
                LOGGER.atWarn()
                        .addKeyValue("bootstrapServers", settings.bootstrapServers())
                        .addKeyValue("reason", e.getMessage())
                        .log("averaging is not possible now and will be tried again");
            } catch (RuntimeException e) {
                LOGGER.atError().setCause(e).log("averaging stopped unexpectedly");
            }
            if (!pause.await()) {
                return;
            }
        }
    }

    private SourceTopic provision() {
        Map<String, Object> config =
                Map.of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                        settings.bootstrapServers(),
                        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        5_000,
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        10_000);
        try (Admin admin = Admin.create(withOverrides(config))) {
            return new TopicProvisioning(topics).ensure(admin);
        }
    }

    private void runOnce(SourceTopic source, RetryPause pause) {
        CountDownLatch ended = new CountDownLatch(1);
        AveragingTopology.Parts parts =
                new AveragingTopology.Parts(source, windowing, limits, calibrations, metrics);
        KafkaStreams current =
                new KafkaStreams(AveragingTopology.build(topics, parts), properties());
        current.setUncaughtExceptionHandler(
                e -> {
                    LOGGER.atError().setCause(e).log("a stream thread failed; Streams restarts");
                    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
                });
        current.setStateListener(
                (now, before) -> {
                    switch (now) {
                        case RUNNING -> pause.reset();
                        case ERROR, NOT_RUNNING -> ended.countDown();
                        case CREATED, REBALANCING, PENDING_SHUTDOWN, PENDING_ERROR -> {}
                    }
                });
        streams = current;
        try {
            current.start();
            awaitEither(ended);
        } finally {
            current.close(
                    CloseOptions.timeout(settings.closeTimeout())
                            .withGroupMembershipOperation(
                                    CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
            streams = null;
        }
    }

    private void awaitEither(CountDownLatch ended) {
        Thread watcher =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        stopped.await();
                                        ended.countDown();
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            watcher.interrupt();
        }
    }

    private Properties properties() {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        config.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, settings.guarantee());
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis());
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, settings.cacheBytes());
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, -1);
        config.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
                Math.toIntExact(settings.sessionTimeout().toMillis()));
        config.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                Math.toIntExact(settings.sessionTimeout().toMillis() / 3));
        instance.id()
                .ifPresent(
                        id ->
                                config.put(
                                        StreamsConfig.consumerPrefix(
                                                ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                                        id));
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000);
        // A host that is gone does not refuse; meanwhile nobody is asked who leads now.
        config.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, 1_500);
        config.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, 1_500);
        config.putAll(settings.properties());
        return config;
    }

    private Map<String, Object> withOverrides(Map<String, Object> config) {
        Map<String, Object> merged = new HashMap<>(config);
        merged.putAll(settings.properties());
        return merged;
    }
}
