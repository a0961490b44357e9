package io.fleuve.conformance.clients;

import io.fleuve.conformance.platform.PlatformUnderTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Spark and Flink average the temperatures of {@code temperature-data} by region. The profile
 * {@code heavy-clients} switches it on; their hundreds of megabytes are downloaded when it first
 * runs.
 */
@EnabledIfSystemProperty(
        named = HeavyJob.MAVEN,
        matches = ".+",
        disabledReason = "-Pheavy-clients runs it, which downloads Spark and Flink")
class HeavyClientsIT {

    private static final List<String> REGIONS = List.of("dakar", "louga", "thies");
    private static final int READINGS = 120;

    private static @Nullable ClientTests tests;

    @BeforeAll
    static void start() throws Exception {
        tests = new ClientTests("heavy-clients", 1);
        for (PlatformUnderTest platform : tests.platforms()) {
            produceReadings(platform.bootstrapServers());
        }
    }

    @AfterAll
    static void stop() {
        if (tests != null) {
            tests.close();
        }
    }

    @TestFactory
    Stream<DynamicContainer> aJobSeesTheSame() {
        return Objects.requireNonNull(tests, "the platforms were not started")
                .of(List.of(HeavyClient.flink(), HeavyClient.spark()));
    }

    /** A reading of each region every five minutes of a day of the past. */
    private static void produceReadings(String bootstrapServers) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers);
        try (Admin admin = Admin.create(settings)) {
            NewTopic topic =
                    new NewTopic(HeavyClient.TOPIC, Optional.of(3), Optional.empty())
                            .configs(Map.of("retention.ms", "-1"));
            admin.createTopics(List.of(topic)).all().get();
        }
        Instant start = Instant.parse("2024-05-01T10:00:00Z");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < READINGS; i++) {
                String region = REGIONS.get(i % REGIONS.size());
                Instant observedAt = start.plus(Duration.ofMinutes(5L * (i / REGIONS.size())));
                String reading =
                        """
                        {"sensor":"%s-1","region":"%s","celsius":%d.5,"observedAt":"%s"}"""
                                .formatted(region, region, 20 + i * 7 % 23, observedAt);
                producer.send(
                        new ProducerRecord<>(
                                HeavyClient.TOPIC,
                                null,
                                observedAt.toEpochMilli(),
                                region,
                                reading));
            }
        }
    }
}
