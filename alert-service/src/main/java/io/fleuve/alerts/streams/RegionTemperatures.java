package io.fleuve.alerts.streams;

import io.fleuve.alerts.windows.Aggregation;
import io.fleuve.alerts.windows.WindowResult;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The latest average of each region, for dashboards. An instance tells those of the regions that it
 * evaluates; when others may take them over it tells none until their next windows close.
 */
final class RegionTemperatures {

    /** A time series each: more would be a burden to whoever stores them. */
    private static final int MAX_REGIONS = 1_000;

    private final MultiGauge gauges;
    private final Map<String, WindowResult> latest = new TreeMap<>();

    RegionTemperatures(MeterRegistry registry) {
        gauges =
                MultiGauge.builder("fleuve.alerts.region.average")
                        .description("Average of the window of a region that closed last")
                        .baseUnit("celsius")
                        .register(registry);
    }

    synchronized void note(List<WindowResult> results) {
        for (WindowResult result : results) {
            if (result.aggregation().equals(Aggregation.DEFAULT_ID)
                    && (latest.size() < MAX_REGIONS || latest.containsKey(result.region()))) {
                latest.merge(
                        result.region(),
                        result,
                        (known, next) ->
                                next.windowEnd().isBefore(known.windowEnd()) ? known : next);
            }
        }
        tell();
    }

    synchronized void forget() {
        latest.clear();
        tell();
    }

    private void tell() {
        gauges.register(
                latest.values().stream()
                        .<MultiGauge.Row<?>>map(
                                r -> MultiGauge.Row.of(Tags.of("region", r.region()), r.average()))
                        .toList(),
                true);
    }
}
