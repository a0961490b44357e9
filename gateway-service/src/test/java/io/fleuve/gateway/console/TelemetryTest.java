package io.fleuve.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fleuve.gateway.kafka.ClusterSurvey.Group;
import io.fleuve.gateway.kafka.ClusterSurvey.Result;
import io.fleuve.gateway.kafka.ClusterSurvey.TopicState;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class TelemetryTest {

    private final SteppedClock clock =
            new SteppedClock(Instant.parse("2024-05-01T13:00:00Z"), ZoneOffset.UTC);
    private Supplier<Result> next = () -> result(topic("t", 0, 0));
    private Telemetry.Produced produced = new Telemetry.Produced(0, 0);
    private final Telemetry telemetry =
            new Telemetry(() -> next.get(), () -> produced, properties("2s", "20s", 3), clock);

    @Test
    void tellsRatesFromTheDifferenceOfTwoLooks() {
        look(result(topic("t", 100, 5000)));
        assertThat(telemetry.known().points()).isEmpty();

        produced = new Telemetry.Produced(4, 10);
        clock.advance(Duration.ofSeconds(2));
        look(result(topic("t", 130, 7000)));

        Telemetry.Point point = telemetry.known().points().getLast();
        assertThat(point.messagesPerSecond()).isEqualTo(15);
        assertThat(point.bytesPerSecond()).isEqualTo(1000);
        assertThat(point.produceMillis()).isEqualTo(2.5);
        assertThat(point.lag()).isEqualTo(7);
        assertThat(telemetry.known().topicRates()).containsEntry("t", List.of(15.0));
    }

    @Test
    void countsNothingForATopicThatIsNewOrBeganAnewOrWasCleanedUp() {
        look(result(topic("again", 500, 9000)));
        clock.advance(Duration.ofSeconds(2));
        look(result(topic("again", 3, 10), topic("new", 1000, 100)));

        Telemetry.Point point = telemetry.known().points().getLast();
        assertThat(point.messagesPerSecond()).isZero();
        assertThat(point.bytesPerSecond()).isZero();
    }

    @Test
    void leavesBytesOpenWhereTheBrokersDoNotTellThem() {
        Result without = result(new TopicState("t", 1, 1, 3L, Map.of(0, 3L), null));
        look(without);
        clock.advance(Duration.ofSeconds(2));
        look(without);

        assertThat(telemetry.known().points().getLast().bytesPerSecond()).isNull();
    }

    @Test
    void keepsWhatWasLastSeenWhileTheBrokersAreAway() {
        look(result(topic("t", 1, 1)));
        next =
                () -> {
                    throw new TimeoutException("no broker");
                };
        telemetry.look();

        assertThat(telemetry.known().failure()).isEqualTo("no broker");
        assertThat(telemetry.known().survey()).isNotNull();

        look(result(topic("t", 2, 2)));
        assertThat(telemetry.known().failure()).isNull();
    }

    @Test
    void remembersNoMoreThanItsHistoryAndItsSparkline() {
        IntStream.range(0, 30)
                .forEach(
                        i -> {
                            look(result(topic("t", i, i)));
                            clock.advance(Duration.ofSeconds(2));
                        });

        assertThat(telemetry.known().points()).hasSize(10);
        assertThat(telemetry.known().topicRates().get("t")).hasSize(3);
    }

    @Test
    void doesNotSpreadWhatCameDuringAPauseOverOneInterval() {
        look(result(topic("t", 0, 0)));
        clock.advance(Duration.ofMinutes(5));
        look(result(topic("t", 1_000_000, 0)));
        assertThat(telemetry.known().points()).isEmpty();

        clock.advance(Duration.ofSeconds(2));
        look(result(topic("t", 1_000_002, 0)));
        assertThat(telemetry.known().points().getLast().messagesPerSecond())
                .isCloseTo(1, within(1e-9));
    }

    @Test
    void asksTheBrokersOnceHoweverManyLook() {
        AtomicInteger asked = new AtomicInteger();
        next =
                () -> {
                    asked.incrementAndGet();
                    return result(topic("t", 1, 1));
                };
        try (Telemetry watched =
                new Telemetry(() -> next.get(), () -> produced, properties("1h", "2h", 3), clock)) {
            for (int i = 0; i < 100; i++) {
                assertThat(watched.view().survey()).isNotNull();
            }
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void refusesSettingsThatCannotBeMeant() {
        assertThatThrownBy(() -> properties("10ms", "1m", 3))
                .hasMessageContaining("fleuve.gateway.console.interval")
                .hasMessageContaining("PT0.01S");
        assertThatThrownBy(() -> properties("2s", "1s", 3))
                .hasMessageContaining("fleuve.gateway.console.history");
        assertThatThrownBy(
                        () ->
                                new ConsoleProperties(
                                        Duration.ofSeconds(2),
                                        Duration.ZERO,
                                        Duration.ofMinutes(1),
                                        3,
                                        1,
                                        1,
                                        URI.create("/alerts"),
                                        Duration.ofSeconds(1),
                                        DataSize.ofMegabytes(1)))
                .hasMessageContaining("fleuve.gateway.console.alerts-url");
    }

    private void look(Result result) {
        next = () -> result;
        telemetry.look();
    }

    private static Result result(TopicState... topics) {
        return new Result(
                "c",
                1,
                List.of(),
                List.of(topics),
                List.of(
                        new Group("a", "STABLE", "CLASSIC", 1, List.of("t"), 3),
                        new Group("b", "EMPTY", "CLASSIC", 0, List.of("t"), 4)),
                Duration.ofMillis(2));
    }

    private static TopicState topic(String name, long end, long bytes) {
        return new TopicState(name, 1, 1, end, Map.of(0, end), bytes);
    }

    private static ConsoleProperties properties(String interval, String history, int sparkline) {
        return new ConsoleProperties(
                duration(interval),
                Duration.ZERO,
                duration(history),
                sparkline,
                100,
                100,
                URI.create("http://127.0.0.1:1"),
                Duration.ofSeconds(1),
                DataSize.ofMegabytes(1));
    }

    private static Duration duration(String text) {
        return org.springframework.boot.convert.DurationStyle.detectAndParse(text);
    }

    private static final class SteppedClock extends Clock {
        private final ZoneId zone;
        private Instant now;

        SteppedClock(Instant now, ZoneId zone) {
            this.now = now;
            this.zone = zone;
        }

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return zone;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return new SteppedClock(now, zone);
        }
    }
}
