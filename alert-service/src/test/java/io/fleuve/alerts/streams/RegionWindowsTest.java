package io.fleuve.alerts.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.alerts.streams.RegionWindows.Outcome.Counted;
import io.fleuve.alerts.streams.RegionWindows.Outcome.Late;
import io.fleuve.alerts.streams.RegionWindows.Outcome.Repeated;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegionWindowsTest {

    private static final Windowing HOURLY =
            new Windowing(Duration.ofHours(1), Duration.ofMinutes(10), Duration.ofMinutes(1));

    private RegionWindows windows = RegionWindows.empty("topic-1");
    private long offset;

    @Test
    void closesAWindowOnlyWhenItsOwnRegionIsPastEndAndGrace() {
        assertThat(add("12:00", 30)).isEmpty();
        assertThat(add("12:59", 32)).isEmpty();
        assertThat(add("13:09", 20)).isEmpty();
        assertThat(add("13:10", 20)).containsExactly(window("12:00", 2, 62, 30, 32));
    }

    @Test
    void countsReadingsOutOfOrderWithinTheGrace() {
        add("12:30", 30);
        add("13:05", 20);
        add("12:59", 34);
        assertThat(add("13:10", 20)).containsExactly(window("12:00", 2, 64, 30, 34));
    }

    @Test
    void callsAReadingLateOnceItsWindowIsClosedAndNeverPublishesThatWindowAgain() {
        add("12:30", 30);
        add("13:10", 20);
        assertThat(next("12:59", 99)).isInstanceOf(Late.class);
        assertThat(add("14:10", 20)).containsExactly(window("13:00", 1, 20, 20, 20));
    }

    @Test
    void closesSeveralWindowsInOrderAfterAGap() {
        add("12:55", 30);
        add("13:02", 31);
        assertThat(add("18:00", 20))
                .containsExactly(window("12:00", 1, 30, 30, 30), window("13:00", 1, 31, 31, 31));
    }

    @Test
    void leavesOutWhatWasCountedBefore() {
        Counted counted =
                (Counted) windows.add(new ReadingOrigin(false, 3, 7), at("12:00"), 30, HOURLY);
        assertThat(counted.next().add(new ReadingOrigin(false, 3, 7), at("12:00"), 30, HOURLY))
                .isEqualTo(new Repeated());
        assertThat(counted.next().add(new ReadingOrigin(true, 3, 5), at("12:01"), 30, HOURLY))
                .as("a forwarded reading has a sequence of its own")
                .isInstanceOf(Counted.class);
    }

    @Test
    void forgetsOffsetsOfATopicThatWasMadeAgain() {
        Counted counted =
                (Counted) windows.add(new ReadingOrigin(false, 3, 7), at("12:00"), 30, HOURLY);
        assertThat(
                        counted.next()
                                .ofTopic("topic-2")
                                .add(new ReadingOrigin(false, 3, 0), at("12:01"), 32, HOURLY))
                .isInstanceOfSatisfying(
                        Counted.class,
                        c ->
                                assertThat(c.next().open())
                                        .containsExactly(window("12:00", 2, 62, 30, 32)));
    }

    @Test
    void closesTheLastWindowOfASilentRegionOnceTheWallClockIsPastItsGrace() {
        add("12:30", 30);
        assertThat(windows.closeIdle(at("13:09"), HOURLY).closed()).isEmpty();
        assertThat(windows.closeIdle(at("13:10"), HOURLY).closed())
                .containsExactly(window("12:00", 1, 30, 30, 30));
    }

    @Test
    void keepsTheWindowOpenThatTheWallClockStandsIn() {
        add("12:30", 30);
        assertThat(windows.closeIdle(at("12:45"), HOURLY).closed()).isEmpty();
    }

    @Test
    void closesWindowsOfASilentSourceThatRunsAheadOfTheWallClock() {
        add("17:30", 30);
        assertThat(windows.closeIdle(at("12:45"), HOURLY).closed())
                .containsExactly(window("17:00", 1, 30, 30, 30));
    }

    @Test
    void closesAnIdleWindowOnceAndCallsWhatComesAfterwardsLate() {
        add("12:30", 30);
        RegionWindows closed = windows.closeIdle(at("14:00"), HOURLY).next();
        assertThat(closed.closeIdle(at("15:00"), HOURLY).closed()).isEmpty();
        assertThat(closed.add(new ReadingOrigin(false, 0, 99), at("12:40"), 30, HOURLY))
                .isInstanceOf(Late.class);
        assertThat(closed.add(new ReadingOrigin(false, 0, 99), at("13:00"), 30, HOURLY))
                .isInstanceOf(Counted.class);
    }

    @Test
    void isTheSameAfterStorage() {
        add("12:30", 30);
        add("13:05", -2.5);
        RegionWindowsSerde serde = new RegionWindowsSerde();
        byte[] stored = serde.serializer().serialize("store", windows);
        assertThat(serde.deserializer().deserialize("store", stored)).isEqualTo(windows);
    }

    private List<WindowTotal> add(String time, double celsius) {
        Counted counted = (Counted) next(time, celsius);
        windows = counted.next();
        return counted.closed();
    }

    private RegionWindows.Outcome next(String time, double celsius) {
        return windows.add(new ReadingOrigin(false, 0, offset++), at(time), celsius, HOURLY);
    }

    private static WindowTotal window(
            String start, long count, double sum, double min, double max) {
        return new WindowTotal(at(start), at(start) + 3_600_000, count, sum, min, max);
    }

    private static long at(String time) {
        return Instant.parse("2024-05-01T" + time + ":00Z").toEpochMilli();
    }
}
