package io.fleuve.alerts.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fleuve.alerts.AveragesCodec;
import io.fleuve.alerts.SenegalDay;
import io.fleuve.alerts.readings.Calibration;
import io.fleuve.alerts.readings.Calibrations;
import io.fleuve.alerts.readings.ReadingEncoder;
import io.fleuve.alerts.readings.ReadingLimits;
import io.fleuve.alerts.readings.RegionAverage;
import io.fleuve.alerts.readings.TemperatureReading;
import io.fleuve.alerts.windows.Aggregation;
import io.fleuve.alerts.windows.AggregationsInUse;
import io.fleuve.alerts.windows.Grouping;
import io.fleuve.alerts.windows.ReadingFilter;
import io.fleuve.alerts.windows.Transformation;
import io.fleuve.alerts.windows.WindowResultCodec;
import io.fleuve.alerts.windows.WindowShape;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AveragingTopologyTest {

    private static final TopicSettings TOPICS =
            new TopicSettings("readings", "averages", "dead", "unkeyed", 1);
    private static final Instant REPLAYED_AT = Instant.parse("2026-01-10T08:00:00Z");

    private Calibrations calibrations = Calibrations.NONE;
    private final Asked inUse = new Asked();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AveragesCodec codec = new AveragesCodec();
    private final ReadingEncoder encoder = new ReadingEncoder();
    private final TopologyTestDriver driver = driver();
    private final TestInputTopic<byte @Nullable [], byte[]> readings =
            driver.createInputTopic(
                    TOPICS.readings(), new ByteArraySerializer(), new ByteArraySerializer());
    private final TestOutputTopic<byte[], byte[]> averages = output(TOPICS.averages());
    private final TestOutputTopic<byte[], byte[]> deadLetters = output(TOPICS.deadLetters());

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void averagesEveryHourOfEveryRegionOfARecordedDay() {
        SenegalDay.rows().forEach(row -> keyed(row.region(), row.celsius(), row.observedAt()));
        driver.advanceWallClockTime(Duration.ofMinutes(2));

        assertThat(byWindow(published())).isEqualTo(expected(Duration.ofHours(1)));
        assertThat(counter("fleuve.alerts.readings.late")).isZero();
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void averagesSixHourWindowsLikeAnIndependentCalculation() {
        TopologyTestDriver sixHourly = driver(Duration.ofHours(6));
        TestInputTopic<byte @Nullable [], byte[]> input =
                sixHourly.createInputTopic(
                        TOPICS.readings(), new ByteArraySerializer(), new ByteArraySerializer());
        SenegalDay.rows()
                .forEach(
                        row ->
                                input.pipeInput(
                                        bytes(row.region()),
                                        encoder.encode(
                                                new TemperatureReading(
                                                        row.region(),
                                                        null,
                                                        row.celsius(),
                                                        row.observedAt())),
                                        row.observedAt()));
        sixHourly.advanceWallClockTime(Duration.ofMinutes(2));

        Map<String, DoubleSummaryStatistics> expected = statistics(Duration.ofHours(6));
        List<RegionAverage> published =
                sixHourly
                        .createOutputTopic(
                                TOPICS.averages(),
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer())
                        .readValuesToList()
                        .stream()
                        .map(v -> codec.decode(v).orElseThrow())
                        .toList();
        sixHourly.close();

        assertThat(published).hasSize(7 * 4);
        for (RegionAverage average : published) {
            DoubleSummaryStatistics day =
                    expected.get(average.region() + "@" + average.windowStart());
            assertThat(day).as("%s %s", average.region(), average.windowStart()).isNotNull();
            assertThat(average.count()).isEqualTo(day.getCount());
            assertThat(average.average()).isCloseTo(day.getAverage(), within(1e-9));
            assertThat(average.min()).isEqualTo(day.getMin());
            assertThat(average.max()).isEqualTo(day.getMax());
        }
        assertThat(counter("fleuve.alerts.readings.late")).isZero();
    }

    @Test
    void losesNothingOfARegionThatLagsBehindTheOthers() {
        Instant day = Instant.parse("2024-05-01T00:00:00Z");
        for (int hour = 0; hour < 24; hour++) {
            keyed("dakar", 30, day.plus(Duration.ofHours(hour)));
        }
        for (int hour = 0; hour < 24; hour++) {
            keyed("thies", 20, day.plus(Duration.ofHours(hour)));
        }
        driver.advanceWallClockTime(Duration.ofMinutes(2));

        assertThat(
                        published().stream()
                                .collect(
                                        Collectors.groupingBy(
                                                RegionAverage::region, Collectors.counting())))
                .isEqualTo(Map.of("dakar", 24L, "thies", 24L));
        assertThat(counter("fleuve.alerts.readings.late")).isZero();
    }

    @Test
    void publishesEachWindowOnceUnderTheRegionsKey() {
        keyed("dakar", 30, Instant.parse("2024-05-01T12:00:00Z"));
        keyed("dakar", 30, Instant.parse("2024-05-01T14:00:00Z"));
        keyed("dakar", 99, Instant.parse("2024-05-01T12:30:00Z"));
        driver.advanceWallClockTime(Duration.ofMinutes(2));
        driver.advanceWallClockTime(Duration.ofMinutes(2));

        List<TestRecord<byte[], byte[]>> records = averages.readRecordsToList();
        assertThat(records)
                .hasSize(2)
                .allSatisfy(r -> assertThat(r.key()).isEqualTo(bytes("dakar")));
        assertThat(counter("fleuve.alerts.readings.late")).isEqualTo(1);
    }

    @Test
    void leavesWindowsOpenWhileAReplayGoesOn() {
        for (int minute = 0; minute < 60; minute++) {
            keyed("dakar", 30, Instant.parse("2024-05-01T12:00:00Z").plusSeconds(minute * 60L));
            driver.advanceWallClockTime(Duration.ofSeconds(59));
        }
        assertThat(averages.isEmpty()).isTrue();
        driver.advanceWallClockTime(Duration.ofMinutes(2));
        assertThat(published()).singleElement().satisfies(a -> assertThat(a.count()).isEqualTo(60));
    }

    @Test
    void keepsWindowsOfAnAggregationFromWhenItIsAskedFor() {
        Aggregation bySensor =
                new Aggregation(
                        new WindowShape.Tumbling(Duration.ofDays(1), ZoneOffset.UTC),
                        Duration.ofMinutes(10),
                        Grouping.SENSOR,
                        ReadingFilter.NONE,
                        new Transformation(1.8, 32),
                        false);
        keyed("dakar", 10, Instant.parse("2024-05-01T01:00:00Z"));
        inUse.ask(bySensor);
        driver.advanceWallClockTime(Duration.ofSeconds(3));
        keyed("dakar", 20, Instant.parse("2024-05-01T02:00:00Z"));
        keyed("dakar", 30, Instant.parse("2024-05-01T03:00:00Z"));
        driver.advanceWallClockTime(Duration.ofMinutes(2));

        WindowResultCodec results = new WindowResultCodec();
        assertThat(
                        averages.readValuesToList().stream()
                                .map(v -> results.decode(v).orElseThrow())
                                .filter(r -> r.aggregation().equals(bySensor.id())))
                .singleElement()
                .satisfies(
                        r -> {
                            assertThat(r.sensor()).isEqualTo("dakar-1");
                            assertThat(r.count()).isEqualTo(2);
                            assertThat(r.average()).isCloseTo(77, within(1e-9));
                            assertThat(r.changePerHour()).isCloseTo(18, within(1e-9));
                        });
    }

    @Test
    void countsNoFurtherRegionsThanTheBound() {
        for (int i = 0; i < 25; i++) {
            keyed("region-" + i, 20, Instant.parse("2024-05-01T01:00:00Z"));
        }
        driver.advanceWallClockTime(Duration.ofMinutes(2));
        assertThat(published()).hasSize(20);
        assertThat(counter("fleuve.alerts.readings.uncounted")).isEqualTo(5);
    }

    @Test
    void calibratesASensorFromTheInstantOn() {
        calibrations =
                new Calibrations(
                        List.of(
                                new Calibration(
                                        "dakar-1", 1, 2, Instant.parse("2024-05-01T13:00:00Z"))));
        keyed("dakar", 10, Instant.parse("2024-05-01T12:30:00Z"));
        keyed("dakar", 10, Instant.parse("2024-05-01T13:30:00Z"));
        keyed("dakar", 90, Instant.parse("2024-05-01T13:30:00Z"));
        driver.advanceWallClockTime(Duration.ofMinutes(2));
        assertThat(published()).extracting(RegionAverage::average).containsExactly(10.0, 21.0);
        assertThat(registry.counter("fleuve.alerts.dead.letters", "reason", "out-of-range").count())
                .isEqualTo(1);
    }

    @Test
    void averagesBareIntegersAsTheDefaultRegion() {
        readings.pipeInput(null, new byte[] {0, 0, 0, 20}, Instant.parse("2024-05-01T12:00:00Z"));
        readings.pipeInput(null, new byte[] {0, 0, 0, 30}, Instant.parse("2024-05-01T12:00:01Z"));
        driver.advanceWallClockTime(Duration.ofMinutes(2));

        assertThat(published())
                .containsExactly(
                        new RegionAverage(
                                "default",
                                Instant.parse("2024-05-01T12:00:00Z"),
                                Instant.parse("2024-05-01T13:00:00Z"),
                                2,
                                25,
                                20,
                                30));
    }

    @Test
    void sendsBadRecordsToTheDeadLettersAsTheyCameWithTheReason() {
        readings.pipeInput(bytes("dakar"), bytes("hello"), Instant.parse("2024-05-01T12:00:00Z"));

        TestRecord<byte[], byte[]> dead = deadLetters.readRecord();
        assertThat(dead.key()).isEqualTo(bytes("dakar"));
        assertThat(dead.value()).isEqualTo(bytes("hello"));
        Map<String, String> headers = new TreeMap<>();
        dead.headers()
                .forEach(h -> headers.put(h.key(), new String(h.value(), StandardCharsets.UTF_8)));
        assertThat(headers)
                .containsEntry("fleuve.error.reason", "malformed")
                .containsEntry("fleuve.source.topic", "readings")
                .containsEntry("fleuve.source.partition", "0")
                .containsEntry("fleuve.source.offset", "0")
                .containsKey("fleuve.error.detail");
        assertThat(registry.counter("fleuve.alerts.dead.letters", "reason", "malformed").count())
                .isEqualTo(1);
    }

    @Test
    void givesEveryRegionTheHomeThatKafkasPartitionerGivesItsKey() {
        SourceTopic topic = new SourceTopic("id", 6);
        // Computed by org.apache.kafka.clients.producer.internals.BuiltInPartitioner.
        for (String region : List.of("dakar", "thies", "saint-louis", "default", "Ziguinchor é")) {
            assertThat(topic.homeOf(region))
                    .isEqualTo(
                            org.apache.kafka.clients.producer.internals.BuiltInPartitioner
                                    .partitionForKey(bytes(region), 6));
        }
    }

    private void keyed(String region, double celsius, Instant observedAt) {
        readings.pipeInput(
                bytes(region),
                encoder.encode(new TemperatureReading(region, region + "-1", celsius, observedAt)),
                observedAt);
    }

    private List<RegionAverage> published() {
        return averages.readValuesToList().stream()
                .map(v -> codec.decode(v).orElseThrow())
                .toList();
    }

    private static Map<String, List<Double>> byWindow(List<RegionAverage> averages) {
        Map<String, List<Double>> result = new TreeMap<>();
        for (RegionAverage a : averages) {
            result.computeIfAbsent(a.region() + "@" + a.windowStart(), _ -> new ArrayList<>())
                    .add(a.average());
        }
        return result;
    }

    /** One list with one value a window: a window that came twice would have two. */
    private static Map<String, List<Double>> expected(Duration size) {
        Map<String, List<Double>> result = new TreeMap<>();
        statistics(size).forEach((key, s) -> result.put(key, List.of(s.getAverage())));
        return result;
    }

    private static Map<String, DoubleSummaryStatistics> statistics(Duration size) {
        return SenegalDay.rows().stream()
                .collect(
                        Collectors.groupingBy(
                                row -> row.region() + "@" + truncated(row.observedAt(), size),
                                Collectors.summarizingDouble(SenegalDay.Row::celsius)));
    }

    private static Instant truncated(Instant time, Duration size) {
        long seconds = time.getEpochSecond();
        return Instant.ofEpochSecond(seconds - seconds % size.toSeconds());
    }

    private double counter(String name) {
        return registry.get(name).counters().stream().mapToDouble(Counter::count).sum();
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(
                topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private TopologyTestDriver driver() {
        return driver(Duration.ofHours(1));
    }

    private TopologyTestDriver driver(Duration window) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
        AveragingTopology.Parts parts =
                new AveragingTopology.Parts(
                        new SourceTopic("id", 1),
                        new Windowing(
                                Aggregation.tumbling(window, Duration.ofMinutes(10)),
                                List.of(),
                                inUse,
                                Duration.ofMinutes(1),
                                Duration.ofSeconds(2),
                                20),
                        new ReadingLimits(-100, 100, Duration.ofDays(400), 10_000),
                        () -> calibrations,
                        new StreamMetrics(registry));
        return new TopologyTestDriver(AveragingTopology.build(TOPICS, parts), config, REPLAYED_AT);
    }

    /** What rules would ask for. */
    private static final class Asked implements AggregationsInUse {

        private final Set<Aggregation> aggregations = new HashSet<>();

        void ask(Aggregation aggregation) {
            aggregations.add(aggregation);
        }

        @Override
        public Set<Aggregation> current() {
            return Set.copyOf(aggregations);
        }

        @Override
        public long version() {
            return aggregations.size();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
