package io.fleuve.alerts.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.alerts.windows.Aggregation;
import io.fleuve.alerts.windows.WindowResult;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RegionTemperaturesTest {

    private static final Instant DAY = Instant.parse("2024-05-01T00:00:00Z");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RegionTemperatures temperatures = new RegionTemperatures(registry);

    @Test
    void tellsTheAverageOfTheLatestWindowOfEachRegion() {
        temperatures.note(List.of(average("dakar", 1, 21), average("matam", 1, 33)));
        // One that is read again, as after a rebalance.
        temperatures.note(List.of(average("dakar", 2, 22), average("dakar", 0, 19)));
        assertThat(told()).isEqualTo(Map.of("dakar", 22.0, "matam", 33.0));
        temperatures.forget();
        assertThat(told()).isEmpty();
    }

    @Test
    void leavesOtherAggregationsOut() {
        temperatures.note(List.of(window("PT24H", "dakar", 1, 25)));
        assertThat(told()).isEmpty();
    }

    private Map<String, Double> told() {
        return registry.find("fleuve.alerts.region.average").gauges().stream()
                .collect(
                        Collectors.toMap(
                                g -> g.getId().getTags().getFirst().getValue(), Gauge::value));
    }

    private static WindowResult average(String region, int hour, double celsius) {
        return window(Aggregation.DEFAULT_ID, region, hour, celsius);
    }

    private static WindowResult window(
            String aggregation, String region, int hour, double celsius) {
        Instant start = DAY.plus(Duration.ofHours(hour));
        return new WindowResult(
                aggregation,
                region,
                null,
                start,
                start.plus(Duration.ofHours(1)),
                2,
                celsius,
                celsius,
                celsius,
                0,
                0,
                celsius,
                celsius,
                celsius,
                celsius,
                0);
    }
}
