package io.fleuve.alerts.rules;

import io.fleuve.alerts.windows.Aggregation;
import io.fleuve.alerts.windows.WindowShape;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Checks the condition of a draft, in the short and the long form. */
final class ConditionCheck {

    private static final double DEFAULT_HYSTERESIS = 1.0;
    private static final Duration LONGEST = Duration.ofDays(31);
    private static final int MAX_COMPARED = 1_000;

    private final Problems problems;
    private final Measure measure;

    ConditionCheck(Problems problems, Measure measure) {
        this.problems = problems;
        this.measure = measure;
    }

    /** {@code threshold} and {@code recoveryThreshold} at the top of a rule: above. */
    @Nullable Condition shortForm(@Nullable Double threshold, @Nullable Double recovery) {
        Double limit =
                problems.number(
                        "threshold",
                        threshold,
                        "give the %s in %s above which to alert, or a condition"
                                .formatted(measure.label(), measure.unit()));
        return limit == null ? null : above("threshold", "recoveryThreshold", limit, recovery);
    }

    /**
     * The condition, or null and problems.
     *
     * @param aggregation the rule's windows; null if they are wrong themselves
     */
    @Nullable Condition check(ConditionDraft draft, @Nullable Aggregation aggregation) {
        String type = draft.type() == null ? "" : draft.type().toLowerCase(Locale.ROOT);
        return switch (type) {
            case "above" -> {
                refuse(type, draft.by(), draft.within(), draft.direction(), draft.after());
                Double limit = limit(draft);
                yield limit == null
                        ? null
                        : above(
                                "condition.threshold",
                                "condition.recovery",
                                limit,
                                draft.recovery());
            }
            case "below" -> {
                refuse(type, draft.by(), draft.within(), draft.direction(), draft.after());
                Double limit = limit(draft);
                yield limit == null ? null : below(limit, draft.recovery());
            }
            case "change" -> change(draft, aggregation);
            case "deviation" -> deviation(draft);
            case "no-data" -> noData(draft, aggregation);
            default -> {
                problems.add(
                        "condition.type", "must be above, below, change, deviation or no-data");
                yield null;
            }
        };
    }

    private @Nullable Double limit(ConditionDraft draft) {
        return problems.number(
                "condition.threshold",
                draft.threshold(),
                "give the %s in %s to compare with".formatted(measure.label(), measure.unit()));
    }

    private @Nullable Condition above(
            String field, String recoveryField, double threshold, @Nullable Double recovery) {
        if (recovery == null) {
            return new Condition.Above(threshold, threshold - DEFAULT_HYSTERESIS);
        }
        if (!Double.isFinite(recovery)) {
            problems.add(recoveryField, "must be a number of " + measure.unit());
            return null;
        }
        if (recovery > threshold) {
            problems.add(
                    recoveryField,
                    "must not be above the threshold (%s), or the alert would end while it starts"
                            .formatted(threshold));
            return null;
        }
        return new Condition.Above(threshold, recovery);
    }

    private @Nullable Condition below(double threshold, @Nullable Double recovery) {
        if (recovery == null) {
            return new Condition.Below(threshold, threshold + DEFAULT_HYSTERESIS);
        }
        if (!Double.isFinite(recovery)) {
            problems.add("condition.recovery", "must be a number of " + measure.unit());
            return null;
        }
        if (recovery < threshold) {
            problems.add(
                    "condition.recovery",
                    "must not be below the threshold (%s), or the alert would end while it starts"
                            .formatted(threshold));
            return null;
        }
        return new Condition.Below(threshold, recovery);
    }

    private @Nullable Condition change(ConditionDraft draft, @Nullable Aggregation aggregation) {
        refuse("change", draft.threshold(), draft.recovery(), draft.after());
        Double by =
                problems.positive(
                        "condition.by",
                        draft.by(),
                        "give the size of the change in %s, above 0".formatted(measure.unit()));
        Duration within =
                problems.duration(
                        "condition.within", draft.within(), Duration.ofSeconds(1), LONGEST);
        Direction direction = direction(draft);
        if (by == null || within == null || direction == null) {
            return null;
        }
        Duration pace = aggregation == null ? null : pace(aggregation.shape());
        if (pace != null && within.compareTo(pace) < 0) {
            problems.add(
                    "condition.within",
                    "must not be shorter than windows are apart (%s), or there is nothing to compare with"
                            .formatted(pace));
            return null;
        }
        if (pace != null && within.dividedBy(pace) > MAX_COMPARED) {
            problems.add(
                    "condition.within",
                    "holds more than %d windows; choose longer windows or a shorter time"
                            .formatted(MAX_COMPARED));
            return null;
        }
        return new Condition.Change(by, within, direction);
    }

    private @Nullable Condition deviation(ConditionDraft draft) {
        refuse("deviation", draft.threshold(), draft.within(), draft.after());
        if (measure != Measure.AVERAGE
                && measure != Measure.MIN
                && measure != Measure.MAX
                && measure != Measure.P50) {
            problems.add(
                    "aggregation.function",
                    "normals are temperatures: compare average, min, max or p50 with them");
            return null;
        }
        Double by =
                problems.positive(
                        "condition.by",
                        draft.by(),
                        "give the size of the deviation from the normal in °C, above 0");
        Direction direction = direction(draft);
        if (by == null || direction == null) {
            return null;
        }
        double recovery = draft.recovery() == null ? by : draft.recovery();
        if (!Double.isFinite(recovery) || recovery < 0 || recovery > by) {
            problems.add("condition.recovery", "must lie between 0 and by (%s)".formatted(by));
            return null;
        }
        return new Condition.Deviation(by, recovery, direction);
    }

    private @Nullable Condition noData(ConditionDraft draft, @Nullable Aggregation aggregation) {
        refuse(
                "no-data",
                draft.threshold(),
                draft.recovery(),
                draft.by(),
                draft.within(),
                draft.direction());
        Duration after =
                problems.duration("condition.after", draft.after(), Duration.ofSeconds(1), LONGEST);
        if (after == null) {
            return null;
        }
        Duration pace = aggregation == null ? null : pace(aggregation.shape());
        if (pace != null && after.compareTo(pace) <= 0) {
            problems.add(
                    "condition.after",
                    "must be longer than windows are apart (%s), or there would be an alert between any two"
                            .formatted(pace));
            return null;
        }
        return new Condition.NoData(after);
    }

    private @Nullable Direction direction(ConditionDraft draft) {
        if (draft.direction() == null) {
            return Direction.EITHER;
        }
        Direction direction = Direction.ofLabel(draft.direction()).orElse(null);
        if (direction == null) {
            problems.add("condition.direction", "must be up, down or either");
        }
        return direction;
    }

    /** How far apart the ends of windows are; null where that depends on the readings. */
    private static @Nullable Duration pace(WindowShape shape) {
        return switch (shape) {
            case WindowShape.Tumbling tumbling -> tumbling.size();
            case WindowShape.Hopping hopping -> hopping.advance();
            case WindowShape.Session _ -> null;
        };
    }

    private void refuse(String type, @Nullable Object... foreign) {
        for (Object value : foreign) {
            if (value != null) {
                problems.add(
                        "condition",
                        "has a part (%s) that the type %s does not know".formatted(value, type));
                return;
            }
        }
    }
}
