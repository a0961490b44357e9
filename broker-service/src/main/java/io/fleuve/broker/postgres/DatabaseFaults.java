package io.fleuve.broker.postgres;

import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/** Tells the database's faults that pass from those that are ours. */
final class DatabaseFaults {

    private DatabaseFaults() {}

    /**
     * Whether trying again later is right: the connection was lost or cannot be had, the server is
     * starting, stopping or out of resources, or the transaction lost against another one.
     */
    static boolean passing(@Nullable Throwable fault) {
        for (Throwable each = fault; each != null; each = each.getCause()) {
            if (each instanceof SQLException e && passing(e)) {
                return true;
            }
        }
        return false;
    }

    private static boolean passing(SQLException e) {
        if (e instanceof SQLTransientException || e instanceof SQLRecoverableException) {
            return true;
        }
        String state = e.getSQLState();
        if (state == null) {
            return !(e instanceof SQLNonTransientException);
        }
        // Class 08 connection, 40 rollback, 53 resources, 55 object not ready, 57 operator, 58
        // system, XX internal:
        // appendix A of PostgreSQL's manual.
        return switch (state.substring(0, 2)) {
            case "08", "40", "53", "55", "57", "58" -> true;
            default -> false;
        };
    }
}
