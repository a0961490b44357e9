package io.fleuve.alerts.store;

import io.fleuve.alerts.readings.RegionAverage;
import io.fleuve.alerts.rules.Measure;
import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.rules.RuleDefaults;
import io.fleuve.alerts.windows.Aggregation;
import io.fleuve.alerts.windows.WindowResult;
import java.util.OptionalDouble;

/** What a rule takes from the result of a window. */
final class RuleFigures {

    private RuleFigures() {}

    /** The id under which the windows of a rule are published. */
    static String aggregationOf(Rule rule, RuleDefaults defaults) {
        return rule.aggregation().equals(defaults.aggregation())
                ? Aggregation.DEFAULT_ID
                : rule.aggregation().id();
    }

    /** The figure; nothing where it is not defined, as the rate of change of a single reading. */
    static OptionalDouble of(Measure measure, WindowResult result) {
        double value =
                switch (measure) {
                    case AVERAGE -> result.average();
                    case MIN -> result.min();
                    case MAX -> result.max();
                    case COUNT -> result.count();
                    case STANDARD_DEVIATION -> result.standardDeviation();
                    case RATE_OF_CHANGE -> result.changePerHour();
                    case P50 -> result.p50();
                    case P90 -> result.p90();
                    case P95 -> result.p95();
                    case P99 -> result.p99();
                };
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /** An average of the service's own windows, which says no more than it does. */
    static WindowResult of(RegionAverage average) {
        return new WindowResult(
                Aggregation.DEFAULT_ID,
                average.region(),
                null,
                average.windowStart(),
                average.windowEnd(),
                average.count(),
                average.average(),
                average.min(),
                average.max(),
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                0);
    }
}
