package io.fleuve.alerts.alerts;

/** What one average did to one rule in one region. */
public sealed interface Evaluation {

    /** The window was evaluated before, or one after it was: nothing changes, nobody is told. */
    record AlreadyEvaluated() implements Evaluation {}

    /** The window is evaluated and the state is what it was. */
    record Quiet(RuleProgress progress) implements Evaluation {}

    /** The alert goes on firing, with new figures. */
    record StillFiring(RuleProgress progress, AlertState.Firing state) implements Evaluation {}

    /** An episode begins: people are told. */
    record Raised(RuleProgress progress, AlertState.Firing state) implements Evaluation {}

    /** The episode is over: people are told. */
    record Ended(RuleProgress progress, AlertState.Resolved state) implements Evaluation {}
}
