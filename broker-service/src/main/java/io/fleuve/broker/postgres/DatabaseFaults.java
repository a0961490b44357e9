package io.fleuve.broker.postgres;

import io.fleuve.broker.log.LogUnavailableException;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.util.function.Supplier;
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

    /**
     * Runs a statement.
     *
     * @throws LogUnavailableException if the database does not answer and trying again is right
     */
    static <T> T call(Supplier<T> statement) {
        try {
            return statement.get();
        } catch (RuntimeException e) {
            if (passing(e)) {
                throw new LogUnavailableException(
                        "the database does not answer: " + e.getMessage(), e);
            }
            throw e;
        }
    }

    /** All but what is wrong with the statement or the data: appendix A of PostgreSQL's manual. */
    private static boolean passing(SQLException e) {
        String state = e.getSQLState();
        if (state == null) {
            return !(e instanceof SQLNonTransientException);
        }
        return switch (state.substring(0, 2)) {
            case "0A", "21", "22", "23", "42", "P0" -> false;
            default -> true;
        };
    }
}
