package io.fleuve.alerts.rules;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.alerts.readings.RegionName;
import io.fleuve.alerts.windows.Aggregation;
import io.fleuve.alerts.windows.Grouping;
import io.fleuve.alerts.windows.Transformation;
import io.fleuve.alerts.windows.WindowShape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A rule as someone wrote it; any part may be missing or wrong. The short form is a name and a
 * {@code threshold}; it stands for the condition {@code above} on averages.
 *
 * @param regions regions to watch; absent or empty means all
 * @param sensors sensors to watch; absent or empty means all
 * @param threshold short form: the average above which to alert
 * @param recoveryThreshold short form: absent means one degree below the threshold
 * @param holdFor {@code for}: how long a breach must last; absent means not at all
 * @param keepFiringFor how long a recovery must last; absent means not at all
 * @param severity absent means warning
 * @param repeatEvery absent means what the service is set to; 0s means never
 * @param escalateAfter when the second level is called in, the third and so on
 * @param enabled absent means yes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RuleDraft(
        @Nullable String name,
        @Nullable List<String> regions,
        @Nullable List<String> sensors,
        @Nullable FilterDraft filter,
        @Nullable TransformationDraft transformation,
        @Nullable AggregationDraft aggregation,
        @Nullable ConditionDraft condition,
        @Nullable Double threshold,
        @Nullable Double recoveryThreshold,
        @JsonProperty("for") @Nullable String holdFor,
        @Nullable String keepFiringFor,
        @Nullable String severity,
        @Nullable String repeatEvery,
        @Nullable List<String> escalateAfter,
        @Nullable Map<String, String> labels,
        @Nullable Boolean enabled) {

    private static final int MAX_NAME_LENGTH = 200;
    private static final int MAX_NAMES = 1_000;
    private static final int MAX_LABELS = 50;
    private static final int MAX_LABEL_LENGTH = 200;
    private static final int MAX_LEVELS = 5;
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final Duration SHORTEST_REPEAT = Duration.ofMinutes(1);
    private static final Set<String> OWN_LABELS = Set.of("rule", "severity", "region", "sensor");

    /**
     * Readings that count.
     *
     * @param minCelsius colder ones are left out
     * @param maxCelsius hotter ones are left out
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FilterDraft(@Nullable Double minCelsius, @Nullable Double maxCelsius) {}

    /** What is done to each reading: {@code scale × celsius + offset}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TransformationDraft(@Nullable Double scale, @Nullable Double offset) {}

    /** What is wrong with one field, in words for the person who wrote it. */
    public record Problem(String field, String message) {}

    /** What checking the draft gave. */
    public sealed interface Checked {
        /** A rule that can be kept. */
        record Valid(Rule rule) implements Checked {}

        /** Everything that is wrong, not only the first thing. */
        record Invalid(List<Problem> problems) implements Checked {}
    }

    /** The short form. */
    public static RuleDraft threshold(
            @Nullable String name,
            @Nullable List<String> regions,
            @Nullable Double threshold,
            @Nullable Double recoveryThreshold,
            @Nullable String severity,
            @Nullable Boolean enabled) {
        return new RuleDraft(
                name,
                regions,
                null,
                null,
                null,
                null,
                null,
                threshold,
                recoveryThreshold,
                null,
                null,
                severity,
                null,
                null,
                null,
                enabled);
    }

    /** The long form of a rule, with nothing left to defaults: checking it gives the same rule. */
    public static RuleDraft of(Rule rule) {
        Aggregation aggregation = rule.aggregation();
        Condition condition = rule.condition();
        Condition.Above above = condition instanceof Condition.Above a ? a : null;
        Timing timing = rule.timing();
        return new RuleDraft(
                rule.name(),
                List.copyOf(rule.scope().regions()),
                List.copyOf(rule.scope().sensors()),
                new FilterDraft(
                        boxed(aggregation.filter().minCelsius()),
                        boxed(aggregation.filter().maxCelsius())),
                written(aggregation.transformation()),
                new AggregationDraft(
                        written(aggregation.shape()),
                        aggregation.grace().toString(),
                        aggregation.by() == Grouping.SENSOR ? "sensor" : "region",
                        rule.measure().label(),
                        aggregation.revisions()),
                ConditionDraft.of(condition),
                above == null ? null : above.threshold(),
                above == null ? null : above.recovery(),
                timing.holdFor().toString(),
                timing.keepFiringFor().toString(),
                rule.severity().label(),
                timing.repeatEvery().toString(),
                timing.escalateAfter().stream().map(Duration::toString).toList(),
                rule.labels(),
                rule.enabled());
    }

    /** Checks all fields; a draft without problems becomes the rule {@code id}. */
    public Checked check(UUID id, RuleDefaults defaults) {
        Problems problems = new Problems();
        checkName(problems);
        SortedSet<String> watched = names("regions", "region", regions, problems);
        SortedSet<String> heard = names("sensors", "sensor", sensors, problems);
        Measure measure = measure(problems);
        Aggregation windows =
                new AggregationCheck(problems, defaults.aggregation())
                        .check(aggregation, filter, transformation, heard);
        Condition asked = condition(problems, measure, windows);
        Timing timing = timing(problems, defaults);
        Severity level =
                severity == null ? Severity.WARNING : Severity.ofLabel(severity).orElse(null);
        if (level == null) {
            problems.add("severity", "must be info, warning or critical");
        }
        SortedMap<String, String> tags = labels(problems);
        if (!problems.isEmpty()
                || name == null
                || windows == null
                || asked == null
                || timing == null
                || level == null) {
            return new Checked.Invalid(problems.all());
        }
        return new Checked.Valid(
                new Rule(
                        id,
                        name.strip(),
                        new Scope(watched, heard),
                        windows,
                        measure,
                        asked,
                        timing,
                        level,
                        tags,
                        enabled == null || enabled));
    }

    private void checkName(Problems problems) {
        if (name == null || name.isBlank()) {
            problems.add("name", "give the rule a name");
        } else if (name.length() > MAX_NAME_LENGTH) {
            problems.add("name", "must not be longer than " + MAX_NAME_LENGTH + " characters");
        }
        if (name != null && name.chars().anyMatch(Character::isISOControl)) {
            problems.add("name", "must not have control characters");
        }
    }

    private static SortedSet<String> names(
            String field, String what, @Nullable List<String> given, Problems problems) {
        if (given == null) {
            return Collections.emptySortedSet();
        }
        if (given.size() > MAX_NAMES) {
            problems.add(field, "must not name more than %d %ss".formatted(MAX_NAMES, what));
        }
        if (given.stream().anyMatch(r -> r == null || !RegionName.isUsable(r))) {
            problems.add(
                    field,
                    "each %s must have 1 to %d characters; leave the list empty to watch all"
                            .formatted(what, RegionName.MAX_LENGTH));
            return Collections.emptySortedSet();
        }
        return new TreeSet<>(given);
    }

    private Measure measure(Problems problems) {
        String function = aggregation == null ? null : aggregation.function();
        if (function == null) {
            return Measure.AVERAGE;
        }
        Measure measure = Measure.ofLabel(function).orElse(null);
        if (measure == null) {
            problems.add(
                    "aggregation.function",
                    "must be average, min, max, count, stddev, rate, p50, p90, p95 or p99");
            return Measure.AVERAGE;
        }
        return measure;
    }

    private @Nullable Condition condition(
            Problems problems, Measure measure, @Nullable Aggregation windows) {
        ConditionCheck check = new ConditionCheck(problems, measure);
        if (condition == null) {
            return check.shortForm(threshold, recoveryThreshold);
        }
        Condition asked = check.check(condition, windows);
        boolean agrees =
                asked instanceof Condition.Above(double limit, double recovery)
                        && (threshold == null || threshold == limit)
                        && (recoveryThreshold == null || recoveryThreshold == recovery);
        if (asked != null && (threshold != null || recoveryThreshold != null) && !agrees) {
            problems.add(
                    "threshold",
                    "contradicts the condition: give either threshold and recoveryThreshold, or condition");
        }
        return asked;
    }

    private @Nullable Timing timing(Problems problems, RuleDefaults defaults) {
        Duration hold = problems.duration("for", holdFor, Duration.ZERO, LONGEST, Duration.ZERO);
        Duration keep =
                problems.duration(
                        "keepFiringFor", keepFiringFor, Duration.ZERO, LONGEST, Duration.ZERO);
        Duration repeat =
                problems.duration(
                        "repeatEvery", repeatEvery, Duration.ZERO, LONGEST, defaults.repeatEvery());
        if (repeatEvery != null
                && repeat != null
                && !repeat.isZero()
                && repeat.compareTo(SHORTEST_REPEAT) < 0) {
            problems.add(
                    "repeatEvery",
                    "must be at least %s, or 0s for never".formatted(SHORTEST_REPEAT));
        }
        List<Duration> levels = levels(problems);
        return hold == null || keep == null || repeat == null
                ? null
                : new Timing(hold, keep, repeat, levels);
    }

    private List<Duration> levels(Problems problems) {
        List<Duration> levels = new ArrayList<>();
        if (escalateAfter == null) {
            return levels;
        }
        if (escalateAfter.size() > MAX_LEVELS) {
            problems.add("escalateAfter", "must not name more than %d times".formatted(MAX_LEVELS));
            return levels;
        }
        Duration earliest = Duration.ofSeconds(1);
        for (int i = 0; i < escalateAfter.size(); i++) {
            Duration at =
                    problems.duration(
                            "escalateAfter[%d]".formatted(i),
                            escalateAfter.get(i),
                            earliest,
                            LONGEST);
            if (at == null) {
                return levels;
            }
            levels.add(at);
            earliest = at.plusSeconds(1);
        }
        return levels;
    }

    private SortedMap<String, String> labels(Problems problems) {
        if (labels == null) {
            return Collections.emptySortedMap();
        }
        if (labels.size() > MAX_LABELS) {
            problems.add("labels", "must not be more than " + MAX_LABELS);
        }
        for (Map.Entry<String, String> label : labels.entrySet()) {
            if (OWN_LABELS.contains(label.getKey())) {
                problems.add("labels." + label.getKey(), "is set by the alert itself");
            } else if (!isText(label.getKey()) || !isText(label.getValue())) {
                problems.add(
                        "labels",
                        "name and value of each must have 1 to %d characters"
                                .formatted(MAX_LABEL_LENGTH));
                return Collections.emptySortedMap();
            }
        }
        return Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    private static boolean isText(@Nullable String text) {
        return text != null
                && !text.isBlank()
                && text.length() <= MAX_LABEL_LENGTH
                && text.chars().noneMatch(Character::isISOControl);
    }

    private static AggregationDraft.WindowDraft written(WindowShape shape) {
        return switch (shape) {
            case WindowShape.Tumbling(Duration size, var zone) ->
                    new AggregationDraft.WindowDraft(
                            "tumbling", size.toString(), null, null, zone.getId());
            case WindowShape.Hopping(Duration size, Duration advance) ->
                    new AggregationDraft.WindowDraft(
                            "hopping", size.toString(), advance.toString(), null, null);
            case WindowShape.Session(Duration gap) ->
                    new AggregationDraft.WindowDraft("session", null, null, gap.toString(), null);
        };
    }

    private static TransformationDraft written(Transformation transformation) {
        return new TransformationDraft(transformation.scale(), transformation.offset());
    }

    private static @Nullable Double boxed(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
