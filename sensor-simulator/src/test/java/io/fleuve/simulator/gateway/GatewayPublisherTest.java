package io.fleuve.simulator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.simulator.gateway.StubGateway.Fate;
import io.fleuve.simulator.publish.Reading;
import io.fleuve.simulator.publish.ReadingPublisher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class GatewayPublisherTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant NOON = Instant.parse("2024-05-01T12:00:00.123456Z");

    private final StubGateway gateway = new StubGateway();
    private final Recorder recorder = new Recorder();
    private final LongAdder retries = new LongAdder();
    private GatewayPublisher publisher = publisher(1_000, 50, 3);

    @AfterEach
    void stop() {
        publisher.close();
        gateway.close();
    }

    /** Remembers outcomes. */
    private static final class Recorder implements ReadingPublisher.Outcomes {

        final List<Reading> acknowledged = new CopyOnWriteArrayList<>();
        final List<String> refusals = new CopyOnWriteArrayList<>();

        @Override
        public void acknowledged(Reading reading) {
            acknowledged.add(reading);
        }

        @Override
        public void failed(Reading reading, String reason) {
            refusals.add(reason);
        }
    }

    @Test
    void writesKeyValueTimestampAndHeaders() {
        assertThat(publisher.offer(reading("dakar", 0))).isTrue();
        assertThat(publisher.flush(PATIENCE)).isTrue();

        JsonNode entry = gateway.written.getFirst();
        assertThat(entry.path("key").path("data").asString()).isEqualTo("dakar");
        assertThat(entry.path("timestamp").asString()).isEqualTo("2024-05-01T12:00:00.123Z");
        assertThat(entry.path("value").path("data").toString())
                .isEqualTo(
                        "{\"sensor\":\"dakar-1\",\"region\":\"dakar\",\"celsius\":0.0,"
                                + "\"observedAt\":\"2024-05-01T12:00:00.123456Z\"}");
        JsonNode header = entry.path("headers").path(0);
        assertThat(header.path("name").asString()).isEqualTo("run");
        assertThat(
                        new String(
                                Base64.getDecoder().decode(header.path("value").asString()),
                                StandardCharsets.UTF_8))
                .isEqualTo("première");
        assertThat(recorder.acknowledged).hasSize(1);
    }

    @Test
    void writesEachReadingOnceInTheOrderOfItsRegionWhateverGoesWrong() {
        for (int i = 0; i < 4; i++) {
            gateway.fates.addAll(
                    List.of(
                            Fate.WRITE_AND_LOSE_ANSWER,
                            Fate.UNAVAILABLE,
                            Fate.LOSE_REQUEST,
                            Fate.WRITE,
                            Fate.IN_FLIGHT,
                            Fate.TOPIC_UNKNOWN,
                            Fate.WRITE_AND_LOSE_ANSWER));
        }
        List<String> regions = List.of("dakar", "thies", "pikine", "ouakam", "diourbel");
        for (int i = 0; i < 900; i++) {
            assertThat(publisher.offer(reading(regions.get(i % 5), i))).isTrue();
        }
        assertThat(publisher.flush(PATIENCE)).isTrue();

        assertThat(gateway.violations()).isEmpty();
        assertThat(gateway.written).hasSize(900);
        for (String region : regions) {
            List<Double> values = new ArrayList<>();
            for (JsonNode entry : gateway.written) {
                if (entry.path("key").path("data").asString().equals(region)) {
                    values.add(entry.path("value").path("data").path("celsius").asDouble());
                }
            }
            assertThat(values).hasSize(180).isSorted().doesNotHaveDuplicates();
        }
        assertThat(recorder.acknowledged).hasSize(900);
        assertThat(recorder.refusals).isEmpty();
        assertThat(retries.sum())
                .isEqualTo(gateway.keys.size() - new HashSet<>(gateway.keys).size());
        assertThat(retries.sum()).isGreaterThanOrEqualTo(24);
        assertThat(gateway.mostAtOnce.get()).isLessThanOrEqualTo(3);
    }

    @Test
    void waitsAsLongAsItIsToldTo() {
        gateway.fates.add(Fate.TOO_MANY_REQUESTS);
        long before = System.nanoTime();
        publisher.offer(reading("dakar", 0));
        assertThat(publisher.flush(PATIENCE)).isTrue();

        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isGreaterThan(Duration.ofMillis(999));
        assertThat(gateway.written).hasSize(1);
    }

    @Test
    void backsOffLongerAndLongerUpToABound() {
        for (int attempt = 1; attempt < 100; attempt++) {
            long bound = Math.min(10_000, 100L << Math.min(attempt - 1, 10));
            assertThat(GatewayPublisher.pauseMs(attempt, 0)).isBetween(1L, bound);
        }
        assertThat(GatewayPublisher.pauseMs(1, 7_000)).isEqualTo(7_000);
        assertThat(GatewayPublisher.pauseMs(1, Long.MAX_VALUE)).isEqualTo(300_000);
    }

    @Test
    void saysWhyReadingsAreRefusedForGood() {
        gateway.fates.add(Fate.REFUSE);
        publisher.offer(reading("dakar", 0));

        await().atMost(PATIENCE).until(() -> !recorder.refusals.isEmpty());
        assertThat(recorder.refusals.getFirst()).contains("HTTP 403").contains("40301");
        assertThat(recorder.acknowledged).isEmpty();
        assertThat(publisher.unacknowledged()).isZero();
    }

    @Test
    void takesNoMoreThanMayBeOnTheWay() {
        publisher.close();
        publisher = publisher(10, 5, 1);
        for (int i = 0; i < 50; i++) {
            gateway.fates.add(Fate.UNAVAILABLE);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(publisher.offer(reading("dakar", i))).isTrue();
        }
        assertThat(publisher.offer(reading("dakar", 10))).isFalse();
        assertThat(publisher.unacknowledged()).isEqualTo(10);
        assertThat(publisher.flush(Duration.ofMillis(50))).isFalse();

        gateway.fates.clear();

        await().atMost(PATIENCE).until(() -> publisher.offer(reading("dakar", 10)));
    }

    private GatewayPublisher publisher(int maxUnacknowledged, int batchReadings, int lanes) {
        return new GatewayPublisher(
                gateway.topic(maxUnacknowledged, batchReadings, lanes), recorder, retries);
    }

    private static Reading reading(String region, double celsius) {
        return new Reading(
                region + "-1",
                region,
                celsius,
                NOON,
                null,
                List.of(),
                celsius == 0 ? Map.of("run", "première") : Map.of());
    }
}
