package io.fleuve.alerts.alerts;

import io.fleuve.alerts.readings.RegionAverage;
import java.time.Instant;

/**
 * Where one rule stands in one region. Transitions are methods of the state that they leave, so
 * that one which makes no sense does not compile.
 *
 * <pre>
 *   Inactive ── breached ──► Firing ── recovered, or rule gone ──► Resolved
 *                            ▲    │ still breached                    │
 *                            └────┴─────────── breached again ────────┘  (a new episode)
 * </pre>
 */
public sealed interface AlertState {

    /** The rule was never breached here. */
    record Inactive() implements AlertState {

        /** The average breached the rule. */
        public Firing raise(Episode episode, RegionAverage average) {
            return Firing.since(episode, average);
        }
    }

    /**
     * The rule is breached.
     *
     * @param value the latest average, degrees Celsius
     * @param peak the highest average of the episode, degrees Celsius
     */
    record Firing(Episode episode, double value, double peak) implements AlertState {

        private static Firing since(Episode episode, RegionAverage average) {
            return new Firing(episode, average.average(), average.average());
        }

        /** A further window without recovery. */
        public Firing continueWith(RegionAverage average) {
            return new Firing(episode, average.average(), Math.max(peak, average.average()));
        }

        /** The average recovered: the breach was over when that window began. */
        public Resolved recover(RegionAverage average) {
            return new Resolved(
                    episode, average.average(), peak, average.windowStart(), EndReason.RECOVERED);
        }

        /**
         * The rule does not apply any more.
         *
         * @param at end of the last window that was evaluated
         */
        public Resolved withdraw(Instant at, EndReason reason) {
            return new Resolved(episode, value, peak, at, reason);
        }
    }

    /**
     * The last breach is over.
     *
     * @param value the average that ended it, degrees Celsius
     * @param endedAt event time
     */
    record Resolved(Episode episode, double value, double peak, Instant endedAt, EndReason reason)
            implements AlertState {

        /** Breached again: another episode. */
        public Firing raise(Episode next, RegionAverage average) {
            return Firing.since(next, average);
        }
    }
}
