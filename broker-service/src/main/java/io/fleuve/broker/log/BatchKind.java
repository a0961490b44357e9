package io.fleuve.broker.log;

/** What a batch is to transactions, in the order of the codes that the database uses. */
public enum BatchKind {
    /** It belongs to none. */
    PLAIN,
    /** It belongs to one that must have its log already. */
    TRANSACTIONAL,
    /** It belongs to one, and takes its log into it where need be. */
    JOINING,
    /** A marker that comes with the end of its transaction. */
    MARKER,
    /** A marker that a coordinator writes for a transaction that has ended. */
    COORDINATOR_MARKER;

    static BatchKind of(Append append, boolean ends) {
        int at = append.batch().position();
        if (BatchHeader.isControl(append.batch(), at)) {
            return ends ? MARKER : COORDINATOR_MARKER;
        }
        if (!BatchHeader.isTransactional(append.batch(), at)) {
            return PLAIN;
        }
        return append.joinsTransaction() ? JOINING : TRANSACTIONAL;
    }
}
