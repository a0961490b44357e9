package io.fleuve.alerts.alerts;

import java.util.List;

/** What one window, or the passing of time, did to one rule in one place. */
public sealed interface Evaluation {

    /** The window was evaluated before, or one after it was: nothing changes, nobody is told. */
    record AlreadyEvaluated() implements Evaluation {}

    /**
     * Progress was made.
     *
     * @param changes the steps that the state took, in order; none if it only has new figures
     */
    record Advanced(RuleProgress progress, List<StateChange> changes) implements Evaluation {

        public Advanced {
            changes = List.copyOf(changes);
        }
    }
}
