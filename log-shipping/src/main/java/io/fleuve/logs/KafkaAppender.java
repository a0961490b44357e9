package io.fleuve.logs;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes log events to a topic of any Kafka, one record each: the key is the service's name, the
 * value what the encoder makes of the event, by default a line of JSON.
 *
 * <p>A logger must never stand still because of where its lines go: events wait in a queue of a
 * fixed size, a thread of its own sends them, and what does not fit, or cannot be sent, is counted
 * and dropped. The lines of Kafka's clients themselves are left out, or each would cause the next.
 *
 * <p>In a {@code logback.xml}:
 *
 * <pre>{@code
 * <appender name="topic" class="io.fleuve.logs.KafkaAppender">
 *   <bootstrapServers>localhost:9092</bootstrapServers>
 *   <topic>application-logs</topic>
 *   <service>my-application</service>
 * </appender>
 * }</pre>
 */
public final class KafkaAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaAppender.class);
    private static final String KAFKA = "org.apache.kafka";
    private static final Duration ADMIN_LIMIT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private String bootstrapServers = "localhost:9092";
    private String topic = "application-logs";
    private String service = "application";
    private int queueSize = 8_192;
    private int partitions = 3;
    private Duration retention = Duration.ofDays(7);
    private Duration closeTimeout = Duration.ofSeconds(2);
    private @Nullable Encoder<ILoggingEvent> encoder;
    private @Nullable BlockingQueue<byte[]> queue;
    private @Nullable Thread sender;
    private volatile boolean closing;

    /** The brokers: {@code host:port}, several with commas. */
    public void setBootstrapServers(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** The topic; made with {@link #setRetention} if it is not there. */
    public void setTopic(String topic) {
        this.topic = topic;
    }

    /** The key of all records, so that the lines of one service stay in order. */
    public void setService(String service) {
        this.service = service;
    }

    /** How many events may wait to be sent. */
    public void setQueueSize(int queueSize) {
        this.queueSize = queueSize;
    }

    /** Partitions of the topic, if it has to be made. */
    public void setPartitions(int partitions) {
        this.partitions = partitions;
    }

    /** How long lines are kept, if the topic has to be made. */
    public void setRetention(Duration retention) {
        this.retention = retention;
    }

    /** How long {@link #stop} waits for what is still to be sent. */
    public void setCloseTimeout(Duration closeTimeout) {
        this.closeTimeout = closeTimeout;
    }

    /** What an event becomes. */
    public void setEncoder(Encoder<ILoggingEvent> encoder) {
        this.encoder = encoder;
    }

    /** Events that the brokers have acknowledged. */
    public long sent() {
        return sent.get();
    }

    /** Events that were lost: the queue was full, or they could not be sent in time. */
    public long dropped() {
        return dropped.get();
    }

    @Override
    public void start() {
        if (isStarted()) {
            return;
        }
        Encoder<ILoggingEvent> used = encoder;
        if (used == null) {
            JsonEncoder json = new JsonEncoder();
            json.setWithFormattedMessage(true);
            json.setWithMessage(false);
            json.setWithArguments(false);
            json.setWithContext(false);
            json.setWithSequenceNumber(false);
            used = json;
            encoder = json;
        }
        used.setContext(getContext());
        used.start();
        BlockingQueue<byte[]> events = new ArrayBlockingQueue<>(queueSize);
        queue = events;
        sender = Thread.ofPlatform().daemon().name("log-shipping").start(() -> send(events));
        super.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        BlockingQueue<byte[]> events = queue;
        Encoder<ILoggingEvent> used = encoder;
        if (events == null || used == null || event.getLoggerName().startsWith(KAFKA)) {
            return;
        }
        if (!events.offer(used.encode(event))) {
            dropped.incrementAndGet();
        }
    }

    @Override
    public void stop() {
        if (!isStarted()) {
            return;
        }
        super.stop();
        closing = true;
        Thread thread = sender;
        if (thread != null) {
            try {
                if (!thread.join(closeTimeout)) {
                    thread.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void send(BlockingQueue<byte[]> events) {
        byte[] key = service.getBytes(StandardCharsets.UTF_8);
        try (Producer<byte[], byte[]> producer = connect()) {
            while (!closing || !events.isEmpty()) {
                byte[] line = events.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
                if (line != null) {
                    send(producer, new ProducerRecord<>(topic, key, line));
                }
            }
            producer.close(closeTimeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            dropped.addAndGet(events.size());
        }
    }

    private void send(Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> line) {
        try {
            producer.send(
                    line, (_, failure) -> (failure == null ? sent : dropped).incrementAndGet());
        } catch (KafkaException e) {
            dropped.incrementAndGet();
        }
    }

    /** Tries until it succeeds, or the appender is closed; tells of each reason once. */
    private Producer<byte[], byte[]> connect() throws InterruptedException {
        String told = "";
        while (true) {
            try {
                requireTopic();
                return new KafkaProducer<>(
                        settings(), new ByteArraySerializer(), new ByteArraySerializer());
            } catch (KafkaException e) {
                String reason = e.getMessage() + (e.getCause() == null ? "" : ": " + e.getCause());
                if (!reason.equals(told)) {
                    LOG.warn("Lines are not sent to the topic \"{}\" yet: {}", topic, reason);
                    told = reason;
                }
            }
            if (closing) {
                throw new InterruptedException("closed before a broker was found");
            }
            Thread.sleep(PAUSE);
        }
    }

    /** A broker that is away is asked for rarely, and without a line a time. */
    private Map<String, Object> connection() {
        return Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "client.id",
                "log-shipping-" + service,
                "metadata.recovery.strategy",
                "none",
                "reconnect.backoff.ms",
                500L,
                "reconnect.backoff.max.ms",
                5_000L,
                "socket.connection.setup.timeout.ms",
                1_500L,
                "socket.connection.setup.timeout.max.ms",
                1_500L);
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>(connection());
        settings.put("acks", "all");
        settings.put("linger.ms", 100);
        settings.put("compression.type", "gzip");
        settings.put("max.block.ms", 5_000L);
        return settings;
    }

    private void requireTopic() throws InterruptedException {
        NewTopic wanted =
                new NewTopic(topic, partitions, (short) -1)
                        .configs(
                                Map.of(
                                        TopicConfig.RETENTION_MS_CONFIG,
                                        Long.toString(retention.toMillis())));
        try (Admin admin = Admin.create(connection())) {
            admin.createTopics(List.of(wanted))
                    .all()
                    .get(ADMIN_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new KafkaException("the topic cannot be made", e.getCause());
            }
        } catch (TimeoutException e) {
            throw new KafkaException("no broker answers at " + bootstrapServers);
        }
    }
}
