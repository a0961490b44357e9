package io.fleuve.alerts.alerts;

import java.time.Instant;
import java.util.Optional;

/**
 * One step of an alert.
 *
 * @param finding what led to it
 * @param windowStart start of the window that led to it; where the clock did, when it was
 * @param windowEnd end of that window
 */
public record StateChange(
        AlertState from,
        AlertState to,
        TransitionReason reason,
        Finding finding,
        Instant windowStart,
        Instant windowEnd) {

    /** What people are told of it, if they are. */
    public Optional<AlertTransition> told() {
        return switch (to) {
            case AlertState.Firing _ ->
                    from instanceof AlertState.Recovering
                            ? Optional.empty()
                            : Optional.of(AlertTransition.FIRING);
            case AlertState.NoData _ ->
                    from instanceof AlertState.Recovering
                            ? Optional.empty()
                            : Optional.of(AlertTransition.NO_DATA);
            case AlertState.Resolved _ -> Optional.of(AlertTransition.RESOLVED);
            case AlertState.Inactive _, AlertState.Pending _, AlertState.Recovering _ ->
                    Optional.empty();
        };
    }
}
