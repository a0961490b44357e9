package io.fleuve.alerts.alerts;

import io.fleuve.alerts.rules.Condition;
import io.fleuve.alerts.rules.Measure;
import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.rules.Scope;
import io.fleuve.alerts.rules.Severity;
import io.fleuve.alerts.rules.Timing;
import io.fleuve.alerts.windows.Aggregation;
import io.fleuve.alerts.windows.Grouping;
import io.fleuve.alerts.windows.ReadingFilter;
import io.fleuve.alerts.windows.Transformation;
import io.fleuve.alerts.windows.WindowShape;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/** Rules for tests of what alerts do. */
final class TestRules {

    static final UUID ID = new UUID(0, 1);
    static final WindowShape HOURLY = new WindowShape.Tumbling(Duration.ofHours(1), ZoneOffset.UTC);
    static final Condition HEAT = new Condition.Above(30, 29);

    private TestRules() {}

    static Rule rule(Condition condition, Timing timing) {
        return rule(condition, timing, HOURLY);
    }

    static Rule rule(Condition condition, Timing timing, WindowShape shape) {
        return new Rule(
                ID,
                "heat",
                Scope.ALL,
                new Aggregation(
                        shape,
                        Duration.ofMinutes(10),
                        Grouping.REGION,
                        ReadingFilter.NONE,
                        Transformation.IDENTITY,
                        false),
                Measure.AVERAGE,
                condition,
                timing,
                Severity.WARNING,
                Collections.emptySortedMap(),
                true);
    }

    static Timing lasting(Duration holdFor, Duration keepFiringFor) {
        return new Timing(holdFor, keepFiringFor, Duration.ZERO, List.of());
    }
}
