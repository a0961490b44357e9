package io.fleuve.alerts.alerts;

import java.time.Instant;

/**
 * Where one rule stands for one region or sensor. Transitions are methods of the state that they
 * leave, so that one which makes no sense does not compile.
 *
 * <pre>
 *   Inactive ── breached ──► Pending ── held for long enough ──► Firing ── recovered ──► Recovering
 *      ▲  └───── breached, nothing to wait for ───────────────────▲  ▲                     │   │
 *      └──── lapsed ───────────┘                                  │  └── breached again ───┘   │
 *                                                                 │                  lasted, or nothing
 *   Resolved behaves as Inactive: a breach is a new episode ──────┘                  to wait for
 *      ▲───────────────────────────────────────────────────────────────────────────────────────┘
 *
 *   NoData stands in the place of Firing where the breach is that nothing is heard.
 * </pre>
 */
public sealed interface AlertState {

    /** The state's name, as it is stored and shown. */
    AlertStatus status();

    /** No breach is going on, so that the next one is an episode of its own. */
    sealed interface Calm extends AlertState {

        /** A breach that has to last before it counts. */
        default Pending suspect(Episode episode, Finding finding) {
            return new Pending(episode, finding.value(), finding.value());
        }

        /** A breach that counts at once. */
        default Firing raise(Episode episode, Finding finding) {
            return new Firing(episode, finding.value(), finding.value());
        }

        /** A silence that counts at once. */
        default NoData miss(Episode episode, Finding.Silent finding) {
            return new NoData(episode, finding.value(), finding.value());
        }
    }

    /** An episode is going on that people are, or are about to be, told of. */
    sealed interface Open extends AlertState {

        Episode episode();

        /** The latest figure. */
        double value();

        /** The worst figure of the episode. */
        double peak();

        /** The rule does not apply any more, or the breach is over. */
        default Resolved end(double latest, Instant at, EndReason reason) {
            return new Resolved(episode(), latest, peak(), at, reason);
        }
    }

    /** The rule is not breached. */
    record Inactive() implements Calm {
        @Override
        public AlertStatus status() {
            return AlertStatus.INACTIVE;
        }
    }

    /** The rule is breached, though not yet for long enough. */
    record Pending(Episode episode, double value, double peak) implements AlertState {

        @Override
        public AlertStatus status() {
            return AlertStatus.PENDING;
        }

        /** A further window in breach. */
        public Pending continueWith(Finding finding) {
            return new Pending(episode, finding.value(), finding.worse(peak));
        }

        /** The breach has lasted. */
        public Firing confirm(Finding finding) {
            return new Firing(episode, finding.value(), finding.worse(peak));
        }

        /** The silence has lasted. */
        public NoData confirmSilence(Finding.Silent finding) {
            return new NoData(episode, finding.value(), finding.value());
        }

        /** The breach was over before it counted, or the rule is gone. */
        public Inactive lapse() {
            return new Inactive();
        }
    }

    /** The rule is breached. */
    record Firing(Episode episode, double value, double peak) implements Open {

        @Override
        public AlertStatus status() {
            return AlertStatus.FIRING;
        }

        /** A further window without recovery. */
        public Firing continueWith(Finding finding) {
            return new Firing(episode, finding.value(), finding.worse(peak));
        }

        /**
         * A recovery that has to last before it counts.
         *
         * @param since start of the first window that recovered
         */
        public Recovering calm(Finding finding, Instant since) {
            return new Recovering(episode, finding.value(), peak, since);
        }
    }

    /**
     * The breach is over, though not yet for long enough.
     *
     * @param since when it began to be
     */
    record Recovering(Episode episode, double value, double peak, Instant since) implements Open {

        @Override
        public AlertStatus status() {
            return AlertStatus.RECOVERING;
        }

        /** A further window in recovery. */
        public Recovering continueWith(double latest) {
            return new Recovering(episode, latest, peak, since);
        }

        /** The breach goes on: the same episode. */
        public Firing relapse(Finding finding) {
            return new Firing(episode, finding.value(), finding.worse(peak));
        }

        /** The silence goes on: the same episode. */
        public NoData relapseIntoSilence(Finding.Silent finding) {
            return new NoData(episode, finding.value(), finding.worse(peak));
        }
    }

    /** Nothing is heard, and the rule asks for that. Figures are minutes of silence. */
    record NoData(Episode episode, double value, double peak) implements Open {

        @Override
        public AlertStatus status() {
            return AlertStatus.NO_DATA;
        }

        /** Data came back, which has to last before it counts. */
        public Recovering hear(Instant since) {
            return new Recovering(episode, value, peak, since);
        }
    }

    /**
     * The last episode is over.
     *
     * @param value the figure that ended it
     * @param endedAt event time; by the clock where the clock found the breach
     */
    record Resolved(Episode episode, double value, double peak, Instant endedAt, EndReason reason)
            implements Calm {
        @Override
        public AlertStatus status() {
            return AlertStatus.RESOLVED;
        }
    }
}
