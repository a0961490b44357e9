package io.fleuve.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.read.ListAppender;
import io.fleuve.kafkapeer.ApacheKafka;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The appender on a real Kafka, and on none. */
class KafkaAppenderIT {

    private static ApacheKafka kafka;

    private final LoggerContext context = new LoggerContext();
    private final KafkaAppender appender = new KafkaAppender();
    private final String topic = "logs-" + UUID.randomUUID();

    @BeforeAll
    static void startKafka() {
        kafka = ApacheKafka.temporary();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @AfterEach
    void stop() {
        appender.stop();
    }

    private Logger logger(String servers) {
        return logger(servers, topic);
    }

    private Logger logger(String servers, String topic) {
        context.setMDCAdapter(new LogbackMDCAdapter());
        appender.setContext(context);
        appender.setBootstrapServers(servers);
        appender.setTopic(topic);
        appender.setService("orders");
        appender.setRetention(Duration.ofHours(6));
        appender.start();
        Logger logger = context.getLogger("shop.Orders");
        logger.setLevel(Level.INFO);
        logger.addAppender(appender);
        return logger;
    }

    @Test
    void linesArriveInOrderAsJsonInATopicWithRetention() throws Exception {
        Logger logger = logger(kafka.bootstrapServers());
        logger.atInfo().addKeyValue("order", 7).log("taken by {}", "Awa");
        logger.debug("not told");
        IntStream.range(0, 100).forEach(i -> logger.info("line {}", i));
        logger.error("failed", new IllegalStateException("out of stock"));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(appender.sent()).isEqualTo(102));
        List<ConsumerRecord<String, String>> lines = read(102);
        assertThat(lines).extracting(ConsumerRecord::key).containsOnly("orders");
        assertThat(lines.getFirst().value())
                .startsWith("{")
                .contains("\"level\":\"INFO\"", "\"loggerName\":\"shop.Orders\"")
                .contains("\"formattedMessage\":\"taken by Awa\"")
                .contains("\"order\"");
        assertThat(lines.get(50).value()).contains("line 49");
        assertThat(lines.getLast().value()).contains("out of stock", "KafkaAppenderIT");
        assertThat(retention()).isEqualTo("21600000");
        assertThat(appender.dropped()).isZero();
    }

    @Test
    void theDocumentedConfigurationShips() throws Exception {
        context.setMDCAdapter(new LogbackMDCAdapter());
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(
                new ByteArrayInputStream(
                        Files.readString(Path.of("../docs/logs/logback.xml"))
                                .replace("localhost:9092", kafka.bootstrapServers())
                                .replace("application-logs", topic)
                                .getBytes(StandardCharsets.UTF_8)));
        try {
            Logger logger = context.getLogger("shop.Orders");
            logger.info("taken");
            KafkaAppender configured =
                    (KafkaAppender) context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("topic");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(configured.sent()).isEqualTo(1));
            assertThat(read(1))
                    .singleElement()
                    .satisfies(line -> assertThat(line.key()).isEqualTo("my-application"))
                    .satisfies(line -> assertThat(line.value()).contains("\"taken\""));
        } finally {
            context.stop();
        }
    }

    @Test
    void aLoggerWithoutABrokerNeverWaits() {
        appender.setQueueSize(50);
        Logger logger = logger("127.0.0.1:1");
        long begin = System.nanoTime();
        IntStream.range(0, 1_000).forEach(i -> logger.info("line {}", i));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
        assertThat(appender.dropped()).isEqualTo(950);
        long closing = System.nanoTime();
        appender.stop();
        assertThat(Duration.ofNanos(System.nanoTime() - closing)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void theClientsOwnLinesAreLeftOut() {
        logger(kafka.bootstrapServers());
        Logger client = context.getLogger("org.apache.kafka.clients.NetworkClient");
        client.addAppender(appender);
        client.warn("a broker is away");
        context.getLogger("shop.Orders").info("the only one");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(appender.sent()).isEqualTo(1));
    }

    @Test
    void aTopicThatCannotBeIsToldOnce() {
        ListAppender<ILoggingEvent> told = new ListAppender<>();
        told.start();
        Logger own = (Logger) LoggerFactory.getLogger(KafkaAppender.class);
        own.addAppender(told);
        try {
            logger(kafka.bootstrapServers(), "not a topic").info("lost");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () ->
                                    assertThat(List.copyOf(told.list))
                                            .singleElement()
                                            .extracting(ILoggingEvent::getFormattedMessage)
                                            .asString()
                                            .contains("\"not a topic\"", "InvalidTopicException"));
            appender.stop();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(appender.dropped()).isEqualTo(1));
            assertThat(told.list).hasSize(1);
        } finally {
            own.detachAppender(told);
        }
    }

    private List<ConsumerRecord<String, String>> read(int count) {
        List<ConsumerRecord<String, String>> lines = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            List<TopicPartition> all =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            await().atMost(Duration.ofSeconds(30))
                    .until(
                            () -> {
                                consumer.poll(Duration.ofMillis(200)).forEach(lines::add);
                                return lines.size() >= count;
                            });
        }
        return lines;
    }

    private String retention() throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            return Objects.requireNonNull(
                            admin.describeConfigs(List.of(resource)).all().get().get(resource))
                    .get("retention.ms")
                    .value();
        }
    }
}
