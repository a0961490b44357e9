package io.fleuve.alerts.api;

import io.fleuve.alerts.alerts.DryRun;
import io.fleuve.alerts.alerts.StateChange;
import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.store.DryRuns;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a rule would have done.
 *
 * @param windows how many windows were looked at
 * @param complete false if there were more than one run looks at: choose a shorter time
 * @param derived whether the windows were put together from the service's own
 * @param fired how many alerts would have fired; the others were pending and lapsed
 */
record DryRunView(
        Instant from,
        Instant to,
        int windows,
        boolean complete,
        boolean derived,
        long fired,
        List<WouldBeView> alerts) {

    /** An alert that there would have been. */
    record WouldBeView(
            UUID id,
            String rule,
            String region,
            @Nullable String sensor,
            String severity,
            String state,
            double value,
            double peak,
            String unit,
            Instant startedAt,
            @Nullable Instant firedAt,
            @Nullable Instant endedAt,
            List<StepView> transitions) {

        static WouldBeView of(Rule rule, DryRun.WouldBe alert) {
            return new WouldBeView(
                    alert.episode().alertId(),
                    rule.name(),
                    alert.subject().region(),
                    alert.subject().sensor(),
                    rule.severity().label(),
                    alert.status().name(),
                    alert.value(),
                    alert.peak(),
                    alert.finding().unit(),
                    alert.episode().startedAt(),
                    alert.firedAt(),
                    alert.endedAt(),
                    alert.changes().stream().map(StepView::of).toList());
        }
    }

    /** One step of it. */
    record StepView(String from, String to, String reason, double value, Instant at) {
        static StepView of(StateChange change) {
            return new StepView(
                    change.from().status().name(),
                    change.to().status().name(),
                    change.reason().code(),
                    change.finding().value(),
                    change.windowEnd());
        }
    }

    static DryRunView of(Rule rule, Instant from, Instant to, DryRuns.Result.Ran ran) {
        return new DryRunView(
                from,
                to,
                ran.windows(),
                ran.isComplete(),
                ran.derived(),
                ran.alerts().stream().filter(a -> a.firedAt() != null).count(),
                ran.alerts().stream().map(a -> WouldBeView.of(rule, a)).toList());
    }
}
