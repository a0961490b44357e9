package io.fleuve.conformance.transactions;

/** What the owner of a transaction knows of its end. */
enum Outcome {
    /** The commit returned: all of it is there. */
    COMMITTED("committed"),
    /** The abort returned: nothing of it is seen. */
    ABORTED("aborted"),
    /**
     * Its commit was never asked for, or only after a successor had fenced its owner: nothing of it
     * is seen.
     */
    NEVER_COMMITTED("fenced, timed out or abandoned before a commit"),
    /** The commit was asked for and not answered, or refused: all or nothing. */
    UNKNOWN("of unknown outcome");

    private final String description;

    Outcome(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }
}
