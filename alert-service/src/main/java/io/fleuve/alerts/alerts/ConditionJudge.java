package io.fleuve.alerts.alerts;

import io.fleuve.alerts.rules.Condition;
import io.fleuve.alerts.rules.Direction;
import io.fleuve.alerts.rules.Measure;
import io.fleuve.alerts.rules.Rule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Compares the figures of windows with conditions. */
final class ConditionJudge {

    private ConditionJudge() {}

    /** Nothing if the condition cannot be decided, as where no normal is known. */
    static Optional<Judgement> judge(
            Rule rule, Observation seen, List<RecentValue> recent, Normals normals) {
        Measure measure = rule.measure();
        double value = seen.value();
        return switch (rule.condition()) {
            case Condition.Above(double threshold, double recovery) ->
                    Optional.of(
                            new Judgement(
                                    value > threshold,
                                    value <= recovery,
                                    new Finding.Above(measure, value, threshold),
                                    new Finding.Above(measure, value, recovery),
                                    List.of()));
            case Condition.Below(double threshold, double recovery) ->
                    Optional.of(
                            new Judgement(
                                    value < threshold,
                                    value >= recovery,
                                    new Finding.Below(measure, value, threshold),
                                    new Finding.Below(measure, value, recovery),
                                    List.of()));
            case Condition.Change change -> Optional.of(changed(measure, change, seen, recent));
            case Condition.Deviation deviation -> deviates(measure, deviation, seen, normals);
            // Silence is found by the clock; that there is a window at all ends it.
            case Condition.NoData _ -> Optional.empty();
        };
    }

    private static Judgement changed(
            Measure measure, Condition.Change change, Observation seen, List<RecentValue> recent) {
        Instant oldest = seen.windowEnd().minus(change.within());
        List<RecentValue> compared = new ArrayList<>();
        double move = 0;
        for (RecentValue earlier : recent) {
            if (earlier.windowEnd().isBefore(oldest)) {
                continue;
            }
            compared.add(earlier);
            double since = seen.value() - earlier.value();
            if (change.direction().accepts(since) && Math.abs(since) > Math.abs(move)) {
                move = since;
            }
        }
        compared.add(new RecentValue(seen.windowEnd(), seen.value()));
        boolean breached = Math.abs(move) >= change.by();
        Finding finding = new Finding.Changed(measure, move, change.by(), change.within());
        return new Judgement(breached, !breached, finding, finding, List.copyOf(compared));
    }

    private static Optional<Judgement> deviates(
            Measure measure, Condition.Deviation deviation, Observation seen, Normals normals) {
        OptionalDouble usual =
                normals.over(seen.subject().region(), seen.windowStart(), seen.windowEnd());
        if (usual.isEmpty()) {
            return Optional.empty();
        }
        double normal = usual.getAsDouble();
        double difference = seen.value() - normal;
        Direction direction = deviation.direction();
        boolean counts = direction.accepts(difference);
        return Optional.of(
                new Judgement(
                        counts && Math.abs(difference) > deviation.by(),
                        !counts || Math.abs(difference) <= deviation.recovery(),
                        new Finding.Deviates(measure, difference, deviation.by(), normal),
                        new Finding.Deviates(measure, difference, deviation.recovery(), normal),
                        List.of()));
    }
}
