package io.fleuve.alerts.outbox;

/** What the provider knows of a message whose fate is unknown. */
public sealed interface LookupOutcome {

    /** The provider has it, so it must not be sent again. */
    record Found(String providerId) implements LookupOutcome {}

    /** The provider has it and could not deliver it. */
    record FoundFailed(String providerId, String reason) implements LookupOutcome {}

    /** The provider never took it. */
    record Absent() implements LookupOutcome {}

    /** The provider could not be asked; nothing is known still. */
    record Unanswered(String reason) implements LookupOutcome {}
}
