package io.fleuve.alerts.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.alerts.windows.SeriesWindows.Outcome;
import io.fleuve.alerts.windows.SeriesWindows.Sample;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesWindowsTest {

    private static final Aggregation HOURLY =
            Aggregation.tumbling(Duration.ofHours(1), Duration.ofMinutes(10));

    private SeriesWindows windows = SeriesWindows.empty("topic-1");
    private final List<Window> revised = new ArrayList<>();
    private long position;

    @Test
    void closesAWindowOnlyWhenItsOwnSeriesIsPastEndAndGrace() {
        assertThat(add("12:00", 30, HOURLY)).isEmpty();
        assertThat(add("12:59", 32, HOURLY)).isEmpty();
        assertThat(add("13:09", 20, HOURLY)).isEmpty();
        assertThat(add("13:10", 20, HOURLY)).containsExactly("12:00-13:00 n=2 31.0 r0");
    }

    @Test
    void countsReadingsOutOfOrderWithinTheGrace() {
        add("12:30", 30, HOURLY);
        add("13:05", 20, HOURLY);
        add("12:59", 34, HOURLY);
        assertThat(add("13:10", 20, HOURLY)).containsExactly("12:00-13:00 n=2 32.0 r0");
    }

    @Test
    void callsAReadingLateOnceItsWindowIsClosedAndNeverPublishesThatWindowAgain() {
        add("12:30", 30, HOURLY);
        add("13:10", 20, HOURLY);
        assertThat(next("12:59", 99, HOURLY)).isInstanceOf(Outcome.Late.class);
        assertThat(add("14:10", 20, HOURLY)).containsExactly("13:00-14:00 n=1 20.0 r0");
    }

    @Test
    void revisesAPublishedWindowWhereItIsAskedFor() {
        Aggregation revising =
                new Aggregation(
                        HOURLY.shape(),
                        HOURLY.grace(),
                        Grouping.REGION,
                        ReadingFilter.NONE,
                        Transformation.IDENTITY,
                        true);
        add("12:30", 30, revising);
        add("14:10", 20, revising);
        assertThat(add("12:40", 10, revising)).isEmpty();
        add("12:45", 50, revising);
        add("11:45", 1, revising);
        assertThat(revised)
                .extracting(SeriesWindowsTest::text)
                .containsExactly(
                        "12:00-13:00 n=2 20.0 r1",
                        "12:00-13:00 n=3 30.0 r2",
                        "11:00-12:00 n=1 1.0 r1");
    }

    @Test
    void putsAReadingIntoAllHoppingWindowsThatHoldIt() {
        Aggregation hopping =
                of(new WindowShape.Hopping(Duration.ofHours(1), Duration.ofMinutes(20)));
        add("12:30", 30, hopping);
        assertThat(add("14:00", 20, hopping))
                .containsExactly(
                        "11:40-12:40 n=1 30.0 r0",
                        "12:00-13:00 n=1 30.0 r0",
                        "12:20-13:20 n=1 30.0 r0");
    }

    @Test
    void joinsSessionsThatAReadingBetweenThemConnects() {
        Aggregation session = of(new WindowShape.Session(Duration.ofMinutes(15)));
        add("12:00", 10, session);
        add("12:20", 30, session);
        assertThat(add("12:10", 20, session)).isEmpty();
        assertThat(add("12:50", 5, session)).containsExactly("12:00-12:35 n=3 20.0 r0");
    }

    @Test
    void startsDaysAtMidnightOfTheZoneThroughChangesOfTheClocks() {
        WindowShape daily = new WindowShape.Tumbling(Duration.ofDays(1), ZoneId.of("Europe/Paris"));
        assertThat(daily.spansOf(Instant.parse("2024-03-31T10:00:00Z").toEpochMilli()))
                .containsExactly(
                        new WindowShape.Span(
                                Instant.parse("2024-03-30T23:00:00Z").toEpochMilli(),
                                Instant.parse("2024-03-31T22:00:00Z").toEpochMilli()));
    }

    @Test
    void leavesOutWhatWasCountedBefore() {
        windows = ((Outcome.Counted) windows.add(new Sample(3, 7, at("12:00"), 30), HOURLY)).next();
        assertThat(windows.add(new Sample(3, 7, at("12:00"), 30), HOURLY))
                .isEqualTo(new Outcome.Repeated());
        assertThat(windows.add(new Sample(-4, 5, at("12:01"), 30), HOURLY))
                .isInstanceOf(Outcome.Counted.class);
        assertThat(windows.ofTopic("topic-2").add(new Sample(3, 0, at("12:01"), 32), HOURLY))
                .as("a topic that was made again")
                .isInstanceOf(Outcome.Counted.class);
    }

    @Test
    void closesTheLastWindowOfASilentSeriesOnceTheWallClockIsPastItsGrace() {
        add("12:30", 30, HOURLY);
        assertThat(windows.closeIdle(at("13:09"), HOURLY).closed()).isEmpty();
        assertThat(windows.closeIdle(at("13:10"), HOURLY).closed()).hasSize(1);
    }

    @Test
    void closesWindowsOfASilentSourceThatRunsAheadOfTheWallClock() {
        add("17:30", 30, HOURLY);
        assertThat(windows.closeIdle(at("12:45"), HOURLY).closed()).hasSize(1);
        assertThat(windows.closeIdle(at("17:45"), HOURLY).closed()).isEmpty();
    }

    @Test
    void isTheSameAfterStorage() {
        add("12:30", 30, HOURLY);
        add("13:05", -2.5, HOURLY);
        byte[] stored = SeriesWindowsCodec.encode(windows);
        assertThat(SeriesWindowsCodec.encode(SeriesWindowsCodec.decode(stored))).isEqualTo(stored);
        windows = SeriesWindowsCodec.decode(stored);
        assertThat(add("13:10", 20, HOURLY)).containsExactly("12:00-13:00 n=1 30.0 r0");
    }

    private static Aggregation of(WindowShape shape) {
        return new Aggregation(
                shape,
                Duration.ofMinutes(10),
                Grouping.REGION,
                ReadingFilter.NONE,
                Transformation.IDENTITY,
                false);
    }

    private List<String> add(String time, double celsius, Aggregation aggregation) {
        Outcome.Counted counted = (Outcome.Counted) next(time, celsius, aggregation);
        windows = counted.next();
        revised.addAll(counted.revised());
        return counted.closed().stream().map(SeriesWindowsTest::text).toList();
    }

    private Outcome next(String time, double celsius, Aggregation aggregation) {
        return windows.add(new Sample(0, position++, at(time), celsius), aggregation);
    }

    private static String text(Window window) {
        return "%s-%s n=%d %s r%d"
                .formatted(
                        time(window.startMs()),
                        time(window.endMs()),
                        window.figures().count(),
                        window.figures().average(),
                        window.revision());
    }

    private static String time(long ms) {
        return Instant.ofEpochMilli(ms).toString().substring(11, 16);
    }

    private static long at(String time) {
        return Instant.parse("2024-05-01T" + time + ":00Z").toEpochMilli();
    }
}
