package io.fleuve.simulator.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClimateTest {

    @ParameterizedTest
    @CsvSource({"dakar, -17.45", "nairobi, 36.8", "auckland, 174.8", "honolulu, -157.9"})
    void isWarmestInMidAfternoonAndCoolestBeforeDawnBySolarTime(String name, double longitude) {
        Climate climate = new Climate(new Region(name, 14, longitude, 0, 0.3, 1));
        LocalDate day = LocalDate.of(2024, 4, 10);

        assertThat(solarHour(warmestMinute(climate, day), longitude)).isCloseTo(15, within(0.1));
        assertThat(solarHour(coolestMinute(climate, day), longitude)).isCloseTo(5, within(0.1));
    }

    @ParameterizedTest
    @CsvSource({"oslo, 59.9, JULY, JANUARY", "cape-town, -33.9, JANUARY, JULY"})
    void hasTheSeasonsOfItsHemisphere(String name, double latitude, Month warmest, Month coolest) {
        Climate climate = new Climate(region(name, latitude, 0.3));

        assertThat(month(climate, Comparator.naturalOrder())).isEqualTo(warmest);
        assertThat(month(climate, Comparator.reverseOrder())).isEqualTo(coolest);
    }

    @Test
    void differsMoreBetweenSummerAndWinterTheFurtherFromTheEquator() {
        assertThat(seasonRange(0)).isLessThan(seasonRange(15));
        assertThat(seasonRange(15)).isLessThan(seasonRange(45));
        assertThat(seasonRange(45)).isLessThan(seasonRange(65)).isGreaterThan(10);
    }

    @Test
    void isColderTowardsThePolesAndHigherUp() {
        assertThat(yearMean(region("a", 60, 0.3))).isLessThan(yearMean(region("b", 30, 0.3)) - 10);
        double atSea = yearMean(new Region("sea", 10, 0, 0, 0.3, 1));
        assertThat(yearMean(new Region("mountain", 10, 0, 2_000, 0.3, 1)))
                .isCloseTo(atSea - 13, within(0.01));
    }

    @Test
    void swingsMoreInlandThanOnAnIsland() {
        LocalDate day = LocalDate.of(2024, 3, 21);
        assertThat(dayRange(new Climate(region("inland", 15, 1)), day))
                .isGreaterThan(2 * dayRange(new Climate(region("island", 15, 0)), day));
    }

    @Test
    void hasNoDayInThePolarNight() {
        Climate svalbard = new Climate(region("svalbard", 78.2, 0.3));

        assertThat(dayRange(svalbard, LocalDate.of(2024, 12, 21))).isLessThan(0.3);
        assertThat(dayRange(svalbard, LocalDate.of(2024, 3, 21))).isGreaterThan(1);
    }

    @Test
    void isNearWhatWasMeasuredInSenegal() {
        // Means of the shipped recordings of 2024: Dakar 25.7, Diourbel 27.9.
        assertThat(yearMean(Senegal.REGIONS.get(0))).isCloseTo(25.7, within(2.0));
        assertThat(yearMean(Senegal.REGIONS.get(1))).isCloseTo(27.9, within(2.5));
    }

    private static Region region(String name, double latitude, double continentality) {
        return new Region(name, latitude, 0, 0, continentality, 1);
    }

    private static int warmestMinute(Climate climate, LocalDate day) {
        return IntStream.range(0, 1440)
                .boxed()
                .max(Comparator.comparing(minute -> climate.celsius(micros(day, minute))))
                .orElseThrow();
    }

    private static int coolestMinute(Climate climate, LocalDate day) {
        return IntStream.range(0, 1440)
                .boxed()
                .min(Comparator.comparing(minute -> climate.celsius(micros(day, minute))))
                .orElseThrow();
    }

    private static double solarHour(int minute, double longitude) {
        double hour = minute / 60.0 + longitude / 15;
        return hour - 24 * Math.floor(hour / 24);
    }

    private static double dayRange(Climate climate, LocalDate day) {
        return climate.celsius(micros(day, warmestMinute(climate, day)))
                - climate.celsius(micros(day, coolestMinute(climate, day)));
    }

    private static Month month(Climate climate, Comparator<Double> order) {
        return IntStream.rangeClosed(1, 12)
                .mapToObj(Month::of)
                .max(
                        Comparator.comparing(
                                month -> mean(climate, LocalDate.of(2024, month, 1), 28), order))
                .orElseThrow();
    }

    private static double seasonRange(double latitude) {
        Climate climate = new Climate(region("somewhere", latitude, 0.3));
        return mean(climate, LocalDate.of(2024, 7, 1), 30)
                - mean(climate, LocalDate.of(2024, 1, 1), 30);
    }

    private static double yearMean(Region region) {
        return mean(new Climate(region), LocalDate.of(2024, 1, 1), 366);
    }

    private static double mean(Climate climate, LocalDate from, int days) {
        return IntStream.range(0, days * 24)
                .mapToDouble(hour -> climate.celsius(micros(from, hour * 60)))
                .average()
                .orElseThrow();
    }

    private static long micros(LocalDate day, int minute) {
        Instant time =
                day.atStartOfDay().toInstant(ZoneOffset.UTC).plus(Duration.ofMinutes(minute));
        return time.getEpochSecond() * 1_000_000;
    }
}
