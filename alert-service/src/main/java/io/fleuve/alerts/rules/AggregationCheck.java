package io.fleuve.alerts.rules;

import io.fleuve.alerts.windows.Aggregation;
import io.fleuve.alerts.windows.Grouping;
import io.fleuve.alerts.windows.ReadingFilter;
import io.fleuve.alerts.windows.Transformation;
import io.fleuve.alerts.windows.WindowShape;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Checks the windows, filter and transformation of a draft. */
final class AggregationCheck {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(31);
    private static final Duration LONGEST_GRACE = Duration.ofDays(7);
    private static final int MAX_OVERLAP = 100;

    private final Problems problems;
    private final Aggregation defaults;

    AggregationCheck(Problems problems, Aggregation defaults) {
        this.problems = problems;
        this.defaults = defaults;
    }

    /**
     * The aggregation, or null and problems.
     *
     * @param sensors that the rule watches; empty means all. Regions are no part of it, so that
     *     rules for different regions share their windows
     */
    @Nullable Aggregation check(
            @Nullable AggregationDraft given,
            RuleDraft.@Nullable FilterDraft filter,
            RuleDraft.@Nullable TransformationDraft transformation,
            SortedSet<String> sensors) {
        AggregationDraft draft =
                given == null ? new AggregationDraft(null, null, null, null, null) : given;
        WindowShape shape = draft.window() == null ? defaults.shape() : shape(draft.window());
        Duration grace =
                problems.duration(
                        "aggregation.grace",
                        draft.grace(),
                        Duration.ZERO,
                        LONGEST_GRACE,
                        defaults.grace());
        Grouping by = by(draft.by());
        ReadingFilter readings =
                filter(filter, by == Grouping.REGION ? sensors : Collections.emptySortedSet());
        Transformation change = transformation(transformation);
        if (shape == null || grace == null || by == null || readings == null || change == null) {
            return null;
        }
        Aggregation checked =
                new Aggregation(
                        shape, grace, by, readings, change, Boolean.TRUE.equals(draft.revisions()));
        return checked.equals(defaults) ? defaults : checked;
    }

    private @Nullable WindowShape shape(AggregationDraft.WindowDraft draft) {
        String type = draft.type() == null ? "" : draft.type().toLowerCase(Locale.ROOT);
        return switch (type) {
            case "tumbling" -> tumbling(draft);
            case "hopping" -> hopping(draft);
            case "session" -> {
                refuse("size", draft.size(), type);
                refuse("advance", draft.advance(), type);
                refuse("zone", draft.zone(), type);
                Duration gap = length("gap", draft.gap());
                yield gap == null ? null : new WindowShape.Session(gap);
            }
            default -> {
                problems.add("aggregation.window.type", "must be tumbling, hopping or session");
                yield null;
            }
        };
    }

    private @Nullable WindowShape tumbling(AggregationDraft.WindowDraft draft) {
        refuse("advance", draft.advance(), "tumbling");
        refuse("gap", draft.gap(), "tumbling");
        Duration size = length("size", draft.size());
        ZoneId zone = ZoneOffset.UTC;
        if (draft.zone() != null) {
            try {
                zone = ZoneId.of(draft.zone()).normalized();
            } catch (DateTimeException e) {
                problems.add("aggregation.window.zone", "must be a time zone such as Africa/Dakar");
                return null;
            }
            if (size != null && !isWholeDays(size) && !zone.equals(ZoneOffset.UTC)) {
                problems.add(
                        "aggregation.window.zone",
                        "makes sense for windows of whole days only; leave it out");
                return null;
            }
        }
        return size == null ? null : new WindowShape.Tumbling(size, zone);
    }

    private @Nullable WindowShape hopping(AggregationDraft.WindowDraft draft) {
        refuse("gap", draft.gap(), "hopping");
        refuse("zone", draft.zone(), "hopping");
        Duration size = length("size", draft.size());
        Duration advance = length("advance", draft.advance());
        if (size == null || advance == null) {
            return null;
        }
        if (advance.compareTo(size) > 0) {
            problems.add(
                    "aggregation.window.advance",
                    "must not be longer than size (%s), or readings would be left out"
                            .formatted(size));
            return null;
        }
        if (size.dividedBy(advance) > MAX_OVERLAP) {
            problems.add(
                    "aggregation.window.advance",
                    "is too short: more than %d windows would hold each reading"
                            .formatted(MAX_OVERLAP));
            return null;
        }
        return new WindowShape.Hopping(size, advance);
    }

    private @Nullable Duration length(String field, @Nullable String text) {
        return problems.duration("aggregation.window." + field, text, SHORTEST, LONGEST);
    }

    private void refuse(String field, @Nullable String value, String type) {
        if (value != null) {
            problems.add(
                    "aggregation.window." + field, "is no part of a %s window".formatted(type));
        }
    }

    private @Nullable Grouping by(@Nullable String by) {
        if (by == null || by.equalsIgnoreCase("region")) {
            return Grouping.REGION;
        }
        if (by.equalsIgnoreCase("sensor")) {
            return Grouping.SENSOR;
        }
        problems.add("aggregation.by", "must be region or sensor");
        return null;
    }

    private @Nullable ReadingFilter filter(
            RuleDraft.@Nullable FilterDraft draft, SortedSet<String> sensors) {
        Double min = draft == null ? null : draft.minCelsius();
        Double max = draft == null ? null : draft.maxCelsius();
        if (min != null && !Double.isFinite(min)) {
            problems.add("filter.minCelsius", "must be a number of °C");
            return null;
        }
        if (max != null && !Double.isFinite(max)) {
            problems.add("filter.maxCelsius", "must be a number of °C");
            return null;
        }
        if (min != null && max != null && min > max) {
            problems.add(
                    "filter.minCelsius",
                    "must not be above maxCelsius (%s), or no reading passes".formatted(max));
            return null;
        }
        return new ReadingFilter(
                Collections.emptySortedSet(),
                sensors,
                min == null ? OptionalDouble.empty() : OptionalDouble.of(min),
                max == null ? OptionalDouble.empty() : OptionalDouble.of(max));
    }

    private @Nullable Transformation transformation(RuleDraft.@Nullable TransformationDraft draft) {
        double scale = draft == null || draft.scale() == null ? 1 : draft.scale();
        double offset = draft == null || draft.offset() == null ? 0 : draft.offset();
        if (!Double.isFinite(scale) || scale == 0 || Math.abs(scale) > 1e6) {
            problems.add("transformation.scale", "must be a number up to a million, and not 0");
            return null;
        }
        if (!Double.isFinite(offset) || Math.abs(offset) > 1e6) {
            problems.add("transformation.offset", "must be a number up to a million");
            return null;
        }
        return new Transformation(scale, offset);
    }

    static boolean isWholeDays(Duration size) {
        return size.equals(Duration.ofDays(size.toDays()));
    }
}
