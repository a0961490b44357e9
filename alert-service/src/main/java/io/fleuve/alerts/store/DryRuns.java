package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.DryRun;
import io.fleuve.alerts.alerts.Normals;
import io.fleuve.alerts.alerts.Observation;
import io.fleuve.alerts.alerts.Subject;
import io.fleuve.alerts.rules.Condition;
import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.rules.RuleDefaults;
import io.fleuve.alerts.windows.Aggregation;
import io.fleuve.alerts.windows.Grouping;
import io.fleuve.alerts.windows.WindowResult;
import io.fleuve.alerts.windows.WindowShape;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Runs rules on recorded windows. Where the rule's own windows are not on record, because nobody
 * has asked for them yet, tumbling ones are put together from the service's own if these fit.
 */
public final class DryRuns {

    private final WindowRecords windows;
    private final NormalsBook normals;
    private final RuleDefaults defaults;
    private final int maxWindows;

    /** What a dry run came to. */
    public sealed interface Result {

        /**
         * It ran.
         *
         * @param windows how many windows it saw
         * @param isComplete false if there were more windows than one run may see
         * @param derived whether the windows were put together from the service's own
         */
        record Ran(List<DryRun.WouldBe> alerts, int windows, boolean isComplete, boolean derived)
                implements Result {}

        /** There is nothing to run it on; {@code why} in words. */
        record NoHistory(String why) implements Result {}
    }

    /**
     * @param maxWindows most windows that one run sees
     */
    public DryRuns(
            WindowRecords windows, NormalsBook normals, RuleDefaults defaults, int maxWindows) {
        this.windows = windows;
        this.normals = normals;
        this.defaults = defaults;
        this.maxWindows = maxWindows;
    }

    /** Runs a rule on the windows that ended in a time. */
    public Result run(Rule rule, Instant from, Instant to) {
        Set<String> regions = rule.scope().regions();
        List<WindowResult> recorded =
                windows.find(
                        RuleFigures.aggregationOf(rule, defaults), regions, from, to, maxWindows);
        boolean derived = false;
        boolean isComplete = recorded.size() < maxWindows;
        if (recorded.isEmpty() && canBeDerived(rule)) {
            List<WindowResult> parts =
                    windows.find(Aggregation.DEFAULT_ID, regions, from, to, maxWindows);
            isComplete = parts.size() < maxWindows;
            recorded = together(rule.aggregation(), parts);
            derived = true;
        }
        if (recorded.isEmpty()) {
            return new Result.NoHistory(
                    "no windows of this kind are on record between %s and %s: they are recorded while a rule that asks for them is enabled, and windows of the service's own size always"
                            .formatted(from, to));
        }
        return ran(rule, recorded, isComplete, derived);
    }

    private Result ran(
            Rule rule, List<WindowResult> recorded, boolean isComplete, boolean derived) {
        Normals usual =
                rule.condition() instanceof Condition.Deviation
                        ? normals.of(
                                recorded.stream()
                                        .map(WindowResult::region)
                                        .collect(Collectors.toCollection(TreeSet::new)))
                        : Normals.UNKNOWN;
        DryRun run = new DryRun(rule, usual);
        for (WindowResult result : recorded) {
            Subject subject = new Subject(result.region(), result.sensor());
            if (rule.covers(result.region(), result.sensor())) {
                RuleFigures.of(rule.measure(), result)
                        .ifPresent(
                                value ->
                                        run.take(
                                                new Observation(
                                                        subject,
                                                        result.windowStart(),
                                                        result.windowEnd(),
                                                        value)));
            }
        }
        // Silence is found as far as something else was heard, not as far as was asked.
        Instant end = recorded.getLast().windowEnd();
        return new Result.Ran(run.finish(end), run.windows(), isComplete, derived);
    }

    private boolean canBeDerived(Rule rule) {
        Aggregation asked = rule.aggregation();
        Aggregation own = defaults.aggregation();
        boolean sameReadings =
                asked.by() == Grouping.REGION
                        && own.by() == Grouping.REGION
                        && asked.filter().equals(own.filter())
                        && asked.transformation().equals(own.transformation());
        boolean isMergeable =
                switch (rule.measure()) {
                    case AVERAGE, MIN, MAX, COUNT -> true;
                    case STANDARD_DEVIATION, RATE_OF_CHANGE, P50, P90, P95, P99 -> false;
                };
        return sameReadings
                && (isMergeable || rule.condition() instanceof Condition.NoData)
                && asked.shape() instanceof WindowShape.Tumbling(Duration size, ZoneId _)
                && own.shape() instanceof WindowShape.Tumbling(Duration part, ZoneId _)
                && size.toMillis() % part.toMillis() == 0
                && Duration.ofDays(1).toMillis() % part.toMillis() == 0;
    }

    private static List<WindowResult> together(Aggregation asked, List<WindowResult> parts) {
        if (!(asked.shape() instanceof WindowShape.Tumbling(Duration size, ZoneId zone))) {
            return List.of();
        }
        Map<String, WindowResult> merged = new LinkedHashMap<>();
        for (WindowResult part : parts) {
            Instant start = startOf(part.windowStart(), size, zone);
            Instant end = endOf(start, size, zone);
            merged.merge(part.region() + "\n" + start, spanning(part, start, end), DryRuns::plus);
        }
        List<WindowResult> ordered = new ArrayList<>(merged.values());
        ordered.sort(Comparator.comparing(WindowResult::windowEnd));
        return ordered;
    }

    private static Instant startOf(Instant time, Duration size, ZoneId zone) {
        long days = size.toDays();
        if (days > 0 && size.equals(Duration.ofDays(days))) {
            ZonedDateTime midnight = time.atZone(zone).truncatedTo(ChronoUnit.DAYS);
            long epochDay = midnight.toLocalDate().toEpochDay();
            return midnight.minusDays(Math.floorMod(epochDay, days)).toInstant();
        }
        long millis = size.toMillis();
        return Instant.ofEpochMilli(Math.floorDiv(time.toEpochMilli(), millis) * millis);
    }

    private static Instant endOf(Instant start, Duration size, ZoneId zone) {
        long days = size.toDays();
        return days > 0 && size.equals(Duration.ofDays(days))
                ? start.atZone(zone).plusDays(days).toInstant()
                : start.plus(size);
    }

    private static WindowResult spanning(WindowResult r, Instant start, Instant end) {
        return new WindowResult(
                r.aggregation(),
                r.region(),
                r.sensor(),
                start,
                end,
                r.count(),
                r.average(),
                r.min(),
                r.max(),
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                0);
    }

    private static WindowResult plus(WindowResult a, WindowResult b) {
        long count = a.count() + b.count();
        double average = (a.average() * a.count() + b.average() * b.count()) / count;
        return new WindowResult(
                a.aggregation(),
                a.region(),
                a.sensor(),
                a.windowStart(),
                a.windowEnd(),
                count,
                average,
                Math.min(a.min(), b.min()),
                Math.max(a.max(), b.max()),
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                0);
    }
}
