package io.fleuve.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.fleuve.alerts.ServiceUnderTest.Answer;
import io.fleuve.alerts.readings.ReadingEncoder;
import io.fleuve.alerts.readings.RegionAverage;
import io.fleuve.alerts.readings.TemperatureReading;
import io.fleuve.kafkapeer.ApacheKafka;
import io.fleuve.postgres.EmbeddedPostgres;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Readings in, averages out, alerts over HTTP: the whole service on a real broker and a real
 * database. The broker is Apache Kafka, or the one that the system property {@code
 * fleuve.test.bootstrap} names. The tests share the service and keep to regions of their own; the
 * one that stops the broker comes last.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AlertServiceIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant DAY = Instant.parse("2024-05-01T00:00:00Z");
    private static final int PARTITIONS = 3;

    private static final String SUFFIX = "-" + UUID.randomUUID();
    private static final String READINGS = "temperature-data" + SUFFIX;
    private static final String AVERAGES = "temperature-averages" + SUFFIX;
    private static final String DEAD_LETTERS = "temperature-dead-letters" + SUFFIX;

    private static final ReadingEncoder ENCODER = new ReadingEncoder();
    private static final AveragesCodec CODEC = new AveragesCodec();

    @TempDir private static Path directory;

    private static EmbeddedPostgres postgres;
    private static @Nullable ApacheKafka kafka;
    private static String bootstrap;
    private static ServiceUnderTest service;
    private static KafkaProducer<byte @Nullable [], byte[]> producer;

    @BeforeAll
    static void start() {
        postgres = EmbeddedPostgres.temporary();
        String given = System.getProperty("fleuve.test.bootstrap", "");
        kafka = given.isEmpty() ? ApacheKafka.temporary() : null;
        bootstrap = kafka == null ? given : kafka.bootstrapServers();
        service = startService();
        producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrap,
                                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                                ByteArraySerializer.class,
                                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                                ByteArraySerializer.class));
        awaitReady();
    }

    @AfterAll
    static void stop() {
        producer.close(Duration.ofSeconds(5));
        service.close();
        if (kafka != null) {
            kafka.close();
        }
        postgres.close();
    }

    @Test
    @Order(1)
    void averagesARecordedDayAndRaisesAndResolvesAlerts() {
        SenegalDay.rows().forEach(row -> send(row.region(), row.celsius(), row.observedAt()));

        Map<String, Double> expected =
                SenegalDay.rows().stream()
                        .collect(
                                Collectors.toMap(
                                        row -> row.region() + "@" + row.observedAt(),
                                        SenegalDay.Row::celsius));
        // Every region falls silent after the recorded day: its last window closes by the wall
        // clock.
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(averagesOf(regionsOfTheDay())).hasSize(expected.size()));
        for (RegionAverage average : averagesOf(regionsOfTheDay())) {
            assertThat(average.average())
                    .isCloseTo(
                            expected.get(average.region() + "@" + average.windowStart()),
                            within(1e-9));
        }
        assertThat(metric("fleuve_alerts_readings_late_total")).isZero();

        for (String region : regionsOfTheDay()) {
            List<String> wanted = episodesOf(region);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(alertsOf(region)).isEqualTo(wanted));
        }
        assertThat(episodesOf("thies")).as("the day has an alert").isNotEmpty();
    }

    @Test
    @Order(2)
    void tellsNobodyTwiceWhenTheSameAveragesComeAgain() {
        send("ziguinchor", 35, hour(1));
        send("ziguinchor", 20, hour(2));
        send("ziguinchor", 20, hour(3));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            assertThat(alertsOf("ziguinchor")).containsExactly("1-2");
                            assertThat(averagesOf(List.of("ziguinchor"))).hasSize(3);
                        });
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(notificationStates()).containsOnly("SENT"));
        int before = service.get("/notifications").body().path("total").asInt();
        List<ConsumerRecord<byte[], byte[]>> published = read(AVERAGES);
        double consumed = metric("fleuve_alerts_averages_consumed_total");

        for (ConsumerRecord<byte[], byte[]> record : published) {
            publish(
                    new ProducerRecord<>(
                            AVERAGES, record.partition(), record.key(), record.value()));
        }

        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(metric("fleuve_alerts_averages_consumed_total"))
                                        .isGreaterThanOrEqualTo(consumed + published.size()));
        assertThat(service.get("/notifications").body().path("total").asInt()).isEqualTo(before);
        assertThat(alertsOf("ziguinchor")).containsExactly("1-2");
    }

    @Test
    @Order(3)
    void gathersReadingsWithoutKeyFromAllPartitionsIntoOneAverage() {
        for (int i = 0; i < 12; i++) {
            publish(
                    new ProducerRecord<>(
                            READINGS,
                            i % PARTITIONS,
                            hour(4).plusSeconds(i).toEpochMilli(),
                            null,
                            ByteBuffer.allocate(4).putInt(20 + i).array()));
        }
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(averagesOf(List.of("default")))
                                        .containsExactly(
                                                new RegionAverage(
                                                        "default", hour(4), hour(5), 12, 25.5, 20,
                                                        31)));
    }

    @Test
    @Order(4)
    void gathersReadingsOfOneRegionThatLieInWrongPartitionsIntoOneAverage() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            publish(
                    new ProducerRecord<>(
                            READINGS,
                            partition,
                            hour(4).toEpochMilli(),
                            bytes("kedougou"),
                            reading("kedougou", 20 + partition, hour(4))));
        }
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(averagesOf(List.of("kedougou")))
                                        .singleElement()
                                        .satisfies(a -> assertThat(a.count()).isEqualTo(3)));
    }

    @Test
    @Order(5)
    void keepsBadRecordsAsDeadLetters() {
        publish(new ProducerRecord<>(READINGS, 1, 7L, bytes("dakar"), bytes("rubbish")));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(read(DEAD_LETTERS))
                                        .singleElement()
                                        .satisfies(
                                                dead -> {
                                                    assertThat(dead.key())
                                                            .isEqualTo(bytes("dakar"));
                                                    assertThat(dead.value())
                                                            .isEqualTo(bytes("rubbish"));
                                                    assertThat(
                                                                    dead.headers()
                                                                            .lastHeader(
                                                                                    "fleuve.source.partition")
                                                                            .value())
                                                            .isEqualTo(bytes("1"));
                                                }));
    }

    @Test
    @Order(6)
    void goesOnInTheMiddleOfAWindowAfterARestartWithoutPublishingTwice() {
        Instant now = Instant.now();
        // The wall clock stands in this window, so that it stays open however long the restart
        // takes.
        send("fatick", 10, now.minusSeconds(7200));
        send("fatick", 20, now);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(averagesOf(List.of("fatick"))).hasSize(1));
        int publishedBefore = read(AVERAGES).size();

        service.close();
        Instant restarted = Instant.now();
        service = startService();
        awaitReady();
        assertThat(Duration.between(restarted, Instant.now())).isLessThan(Duration.ofSeconds(30));

        send("fatick", 40, now.plusSeconds(1));
        send("fatick", 0, now.plusSeconds(7200));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(averagesOf(List.of("fatick")))
                                        .filteredOn(a -> !a.windowStart().isAfter(now))
                                        .last()
                                        .satisfies(
                                                a -> {
                                                    assertThat(a.count()).isEqualTo(2);
                                                    assertThat(a.max()).isEqualTo(40);
                                                }));
        Map<String, Long> timesPublished =
                averagesOf(List.of("fatick")).stream()
                        .collect(
                                Collectors.groupingBy(
                                        a -> a.windowStart().toString(), Collectors.counting()));
        assertThat(timesPublished.values()).containsOnly(1L);
        assertThat(
                        read(AVERAGES).stream()
                                .filter(
                                        r ->
                                                !new String(r.key(), StandardCharsets.UTF_8)
                                                        .equals("fatick"))
                                .count())
                .as("windows of other regions are not published again")
                .isEqualTo(publishedBefore - 1);
    }

    @Test
    @Order(7)
    void goesOnAfterTheBrokerWasAway() {
        ApacheKafka broker = kafka;
        Assumptions.assumeTrue(broker != null, "the broker is not ours to stop");
        send("tivaouane", 20, hour(1));
        broker.kill();
        broker.restart();

        send("tivaouane", 33, hour(2));
        send("tivaouane", 20, hour(3));
        send("tivaouane", 20, hour(5));
        await().atMost(PATIENCE.multipliedBy(2))
                .untilAsserted(() -> assertThat(alertsOf("tivaouane")).containsExactly("2-3"));
    }

    private static ServiceUnderTest startService() {
        Map<String, String> properties = new TreeMap<>();
        properties.put("fleuve.alerts.idle-after", "5s");
        properties.put("fleuve.alerts.topics.readings", READINGS);
        properties.put("fleuve.alerts.topics.averages", AVERAGES);
        properties.put("fleuve.alerts.topics.dead-letters", DEAD_LETTERS);
        properties.put("fleuve.alerts.topics.unkeyed", "temperature-unkeyed" + SUFFIX);
        properties.put("fleuve.alerts.topics.partitions", Integer.toString(PARTITIONS));
        properties.put("fleuve.alerts.streams.application-id", "fleuve-alerts" + SUFFIX);
        return new ServiceUnderTest(postgres, bootstrap, directory, properties);
    }

    private static void awaitReady() {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(service.get("/actuator/health/readiness"))
                                        .extracting(Answer::status)
                                        .isEqualTo(200));
    }

    private static List<String> regionsOfTheDay() {
        return SenegalDay.rows().stream().map(SenegalDay.Row::region).distinct().sorted().toList();
    }

    /**
     * What the seeded rule (above 30, recovers at 29) makes of the recorded day: {@code "from-to"}
     * in hours.
     */
    private static List<String> episodesOf(String region) {
        List<String> episodes = new ArrayList<>();
        long since = -1;
        for (SenegalDay.Row row : SenegalDay.rows()) {
            if (!row.region().equals(region)) {
                continue;
            }
            long at = Duration.between(DAY, row.observedAt()).toHours();
            if (since < 0 && row.celsius() > 30) {
                since = at;
            } else if (since >= 0 && row.celsius() <= 29) {
                episodes.add(since + "-" + at);
                since = -1;
            }
        }
        if (since >= 0) {
            episodes.add(since + "-");
        }
        return episodes;
    }

    /** The alerts of a region in order, in the form of {@link #episodesOf}. */
    private static List<String> alertsOf(String region) {
        List<String> result = new ArrayList<>();
        for (JsonNode alert : service.get("/alerts?region=" + region).body()) {
            long from = hoursOf(alert.path("startedAt"));
            result.addFirst(
                    alert.path("state").asString().equals("FIRING")
                            ? from + "-"
                            : from + "-" + hoursOf(alert.path("endedAt")));
        }
        return result;
    }

    private static long hoursOf(JsonNode instant) {
        return Duration.between(DAY, Instant.parse(instant.asString())).toHours();
    }

    private static List<String> notificationStates() {
        return service.get("/notifications?size=200").body().findValuesAsString("state");
    }

    private static double metric(String name) {
        return service.text("/actuator/prometheus")
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static List<RegionAverage> averagesOf(List<String> regions) {
        return read(AVERAGES).stream()
                .map(r -> CODEC.decode(r.value()).orElseThrow())
                .filter(a -> regions.contains(a.region()))
                .toList();
    }

    /** All records of a topic, partition by partition. */
    private static List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrap,
                                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                                ByteArrayDeserializer.class,
                                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                                ByteArrayDeserializer.class))) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(p -> new TopicPartition(topic, p.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (partitions.stream()
                    .anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    private static void send(String region, double celsius, Instant observedAt) {
        publish(
                new ProducerRecord<>(
                        READINGS,
                        null,
                        observedAt.toEpochMilli(),
                        bytes(region),
                        reading(region, celsius, observedAt)));
    }

    /**
     * Sends one record and waits until the broker has it: a test must not go on without its input.
     */
    private static void publish(ProducerRecord<byte @Nullable [], byte[]> record) {
        try {
            producer.send(record).get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the broker did not take a record", e);
        }
    }

    private static byte[] reading(String region, double celsius, Instant observedAt) {
        return ENCODER.encode(new TemperatureReading(region, null, celsius, observedAt));
    }

    private static Instant hour(int hour) {
        return DAY.plus(Duration.ofHours(hour));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
