package io.fleuve.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.fleuve.kafkapeer.ApacheKafka;
import io.fleuve.postgres.EmbeddedPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** From a CloudEvent in Fahrenheit of a calibrated sensor to a window over HTTP. */
class IngestIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private Path directory;

    @Test
    void calibratesAReadingAndShowsItsWindow() throws Exception {
        String suffix = "-" + UUID.randomUUID();
        String given = System.getProperty("fleuve.test.bootstrap", "");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.temporary();
                ApacheKafka kafka = brokerUnless(given)) {
            String bootstrap = kafka == null ? given : kafka.bootstrapServers();
            try (ServiceUnderTest service =
                    new ServiceUnderTest(postgres, bootstrap, directory, properties(suffix))) {
                await().atMost(PATIENCE)
                        .until(() -> service.get("/actuator/health/readiness").status() == 200);
                assertThat(
                                service.post("/calibrations", "{\"sensor\":\"s-1\",\"gain\":-1}")
                                        .status())
                        .isEqualTo(400);
                assertThat(
                                service.post(
                                                "/calibrations",
                                                """
                                                {"sensor":"s-1","offset":-2,"gain":2,
                                                 "validFrom":"2024-05-01T00:00:00Z"}
                                                """)
                                        .status())
                        .isEqualTo(201);

                sendFahrenheit(bootstrap, "temperature-data" + suffix);

                await().atMost(PATIENCE)
                        .until(() -> service.get("/windows?region=dakar").body().size() == 1);
                JsonNode window = service.get("/windows?region=dakar").body().path(0);
                assertThat(window.path("average").doubleValue()).isCloseTo(58, within(1e-9));
                assertThat(window.path("windowStart").asString()).isEqualTo("2024-05-01T12:00:00Z");
                assertThat(window.path("changePerHour").isNull()).isTrue();
                assertThat(service.get("/windows?from=yesterday").status()).isEqualTo(400);
                assertThat(service.get("/windows?region=thies").body().size()).isZero();

                JsonNode kept = service.get("/calibrations?sensor=s-1").body().path(0);
                String path = "/calibrations/" + kept.path("id").asString();
                assertThat(service.delete(path).status()).isEqualTo(204);
                assertThat(service.delete(path).status()).isEqualTo(404);
            }
        }
    }

    private static @Nullable ApacheKafka brokerUnless(String given) {
        return given.isEmpty() ? ApacheKafka.temporary() : null;
    }

    /** 86 °F are 30 °C. */
    private static void sendFahrenheit(String bootstrap, String topic) throws Exception {
        byte[] key = bytes("dakar");
        byte[] value = bytes("{\"region\":\"dakar\",\"value\":86,\"unit\":\"°F\"}");
        long at = Instant.parse("2024-05-01T12:30:00Z").toEpochMilli();
        ProducerRecord<byte[], byte[]> event = new ProducerRecord<>(topic, null, at, key, value);
        event.headers()
                .add("ce_specversion", bytes("1.0"))
                .add("ce_id", bytes("1"))
                .add("ce_source", bytes("/stations/7"))
                .add("ce_type", bytes("org.example.reading"))
                .add("ce_time", bytes("2024-05-01T12:30:00Z"))
                .add("ce_subject", bytes("s-1"));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrap),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.send(event).get();
        }
    }

    private static Map<String, String> properties(String suffix) {
        Map<String, String> properties = new TreeMap<>();
        properties.put("fleuve.alerts.idle-after", "2s");
        properties.put("fleuve.alerts.topics.readings", "temperature-data" + suffix);
        properties.put("fleuve.alerts.topics.averages", "temperature-averages" + suffix);
        properties.put("fleuve.alerts.topics.dead-letters", "temperature-dead-letters" + suffix);
        properties.put("fleuve.alerts.topics.unkeyed", "temperature-unkeyed" + suffix);
        properties.put("fleuve.alerts.streams.application-id", "fleuve-alerts" + suffix);
        return properties;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
