package io.fleuve.broker.postgres;

import com.zaxxer.hikari.HikariDataSource;
import io.fleuve.broker.log.AbortedTransaction;
import io.fleuve.broker.log.LogEnds;
import io.fleuve.broker.log.LogUnavailableException;
import io.fleuve.broker.log.Sequencer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The order of all logs in PostgreSQL: {@code commit_intake} and look-ups by index, one round trip
 * each.
 *
 * <p>Every call is one statement in a transaction of its own. Commits have a connection of their
 * own, so that no number of readers makes producers wait.
 */
public final class PostgresSequencer implements Sequencer, AutoCloseable {

    private static final String COMMIT =
            "SELECT statuses, offsets, starts, opens, aborted FROM commit_intake(?"
                    + ", ?".repeat(24)
                    + ")";
    private static final String ABORTED =
            "SELECT producer_id, first_offset, last_offset FROM aborted_between(?, ?, ?)";
    private static final String ENLIST = "SELECT enlist_object(?, true, ?)";
    private static final String SEAL =
            "UPDATE objects SET open_until = clock_timestamp()"
                    + " WHERE object_key = ? AND open_until > clock_timestamp()";
    private static final String RAISE_START =
            "WITH raised AS (UPDATE logs SET start_offset = least(?, next_offset)"
                    + " WHERE log_id = ? AND start_offset < ? AND (next_offset >= ? OR ? = "
                    + Long.MAX_VALUE
                    + ") RETURNING start_offset, next_offset, first_open, last_aborted)"
                    + " SELECT * FROM raised UNION ALL"
                    + " SELECT start_offset, next_offset, first_open, last_aborted FROM logs"
                    + " WHERE log_id = ? AND NOT EXISTS (SELECT FROM raised)";
    private static final String ENDS =
            "SELECT start_offset, next_offset, first_open, last_aborted, log_id FROM logs"
                    + " WHERE log_id = ANY (?)";
    private static final int PIECES_AT_ONCE = 128;

    // Not a join: a planner that takes a log for an average one would join all of its pieces, and
    // sort them.
    private static final String PIECES =
            """
            SELECT base_offset, last_offset, (SELECT object_key FROM objects AS o WHERE o.object_id = p.object_id),
                position, size_bytes, settled
            FROM pieces AS p WHERE log_id = ? AND %s ORDER BY %s LIMIT %d
            """;
    static final String LOCATE =
            PIECES.formatted("last_offset >= ?", "last_offset", PIECES_AT_ONCE);
    static final String LOCATE_TIMESTAMP =
            PIECES.formatted(
                    "running_max >= ? AND max_timestamp >= ? AND last_offset + 0 >= ?",
                    "running_max, last_offset",
                    1);

    private static final Outcome[] OUTCOMES = Outcome.values();

    private final DataSource lookups;
    private final HikariDataSource commits;
    private final int brokerId;

    /**
     * A sequencer for one broker, whose id fenced appends are checked against.
     *
     * @param lookups the pool for look-ups
     * @param commits the pool for commits; closed with the sequencer
     */
    public PostgresSequencer(DataSource lookups, HikariDataSource commits, int brokerId) {
        this.lookups = lookups;
        this.commits = commits;
        this.brokerId = brokerId;
    }

    @Override
    public void close() {
        commits.close();
    }

    @Override
    public List<Sequenced> commit(Stretch stretch) {
        return call(
                commits,
                "commit",
                connection -> {
                    try (PreparedStatement statement = connection.prepareStatement(COMMIT)) {
                        bind(connection, statement, stretch);
                        try (ResultSet row = statement.executeQuery()) {
                            row.next();
                            return outcomes(row, stretch.batches().size());
                        }
                    }
                });
    }

    private void bind(Connection connection, PreparedStatement statement, Stretch stretch)
            throws SQLException {
        List<Entry> batches = stretch.batches();
        int n = batches.size();
        long[] logs = new long[n];
        long[] positions = new long[n];
        int[] sizes = new int[n];
        int[] counts = new int[n];
        long[] maxTimestamps = new long[n];
        long[] guesses = new long[n];
        long[] producers = new long[n];
        short[] epochs = new short[n];
        int[] sequences = new int[n];
        int[] fences = new int[n];
        short[] kinds = new short[n];
        @Nullable String[] ids = new String[n];
        boolean[] commits = new boolean[n];
        for (int i = 0; i < n; i++) {
            Entry batch = batches.get(i);
            logs[i] = batch.logId();
            positions[i] = batch.position();
            sizes[i] = batch.sizeBytes();
            counts[i] = batch.offsetCount();
            maxTimestamps[i] = batch.maxTimestamp();
            guesses[i] = batch.guess();
            producers[i] = batch.producerId();
            epochs[i] = batch.producerEpoch();
            sequences[i] = batch.baseSequence();
            fences[i] = batch.fence();
            kinds[i] = (short) batch.kind().ordinal();
            ids[i] = batch.transactionalId();
            commits[i] = batch.commits();
        }
        statement.setInt(1, brokerId);
        statement.setString(2, stretch.objectKey());
        statement.setLong(3, stretch.from());
        statement.setLong(4, stretch.to());
        Object[] arrays = {
            logs,
            positions,
            sizes,
            counts,
            maxTimestamps,
            guesses,
            producers,
            epochs,
            sequences,
            fences,
            kinds,
            ids,
            commits
        };
        for (int i = 0; i < arrays.length; i++) {
            statement.setObject(5 + i, arrays[i]);
        }
        TransactionEnds.bind(statement, 5 + arrays.length, stretch.ends());
    }

    private static List<Sequenced> outcomes(ResultSet row, int expected) throws SQLException {
        Object[] statuses = elements(row.getArray(1));
        Object[] offsets = elements(row.getArray(2));
        Object[] starts = elements(row.getArray(3));
        Object[] opens = elements(row.getArray(4));
        Object[] aborted = elements(row.getArray(5));
        if (statuses.length != expected) {
            throw new IllegalStateException(
                    "commit of "
                            + expected
                            + " batches answered with "
                            + statuses.length
                            + " outcomes");
        }
        List<Sequenced> outcomes = new ArrayList<>(expected);
        for (int i = 0; i < expected; i++) {
            outcomes.add(
                    new Sequenced(
                            OUTCOMES[((Number) statuses[i]).intValue()],
                            ((Number) offsets[i]).longValue(),
                            ((Number) starts[i]).longValue(),
                            ((Number) opens[i]).longValue(),
                            ((Number) aborted[i]).longValue()));
        }
        return outcomes;
    }

    private static Object[] elements(Array array) throws SQLException {
        return (Object[]) array.getArray();
    }

    @Override
    public void enlist(String objectKey, Duration openFor) {
        call(
                commits,
                "entry of an object",
                connection -> {
                    try (PreparedStatement statement = connection.prepareStatement(ENLIST)) {
                        statement.setString(1, objectKey);
                        statement.setLong(2, openFor.toMillis());
                        return statement.execute();
                    }
                });
    }

    @Override
    public void seal(String objectKey) {
        call(
                commits,
                "sealing of an object",
                connection -> {
                    try (PreparedStatement statement = connection.prepareStatement(SEAL)) {
                        statement.setString(1, objectKey);
                        return statement.executeUpdate();
                    }
                });
    }

    @Override
    public Optional<LogEnds> raiseStart(long logId, long offset) {
        return call(
                lookups,
                "change of a start",
                connection -> {
                    try (PreparedStatement statement = connection.prepareStatement(RAISE_START)) {
                        statement.setLong(1, offset);
                        statement.setLong(2, logId);
                        statement.setLong(3, offset);
                        statement.setLong(4, offset);
                        statement.setLong(5, offset);
                        statement.setLong(6, logId);
                        try (ResultSet row = statement.executeQuery()) {
                            return row.next() ? Optional.of(ends(row)) : Optional.empty();
                        }
                    }
                });
    }

    @Override
    public Optional<LogEnds> ends(long logId) {
        return Optional.ofNullable(ends(List.of(logId)).get(logId));
    }

    @Override
    public Map<Long, LogEnds> ends(Collection<Long> logIds) {
        long[] ids = logIds.stream().mapToLong(Long::longValue).toArray();
        return call(
                lookups,
                "look-up of ends",
                connection -> {
                    try (PreparedStatement statement = connection.prepareStatement(ENDS)) {
                        statement.setObject(1, ids);
                        try (ResultSet rows = statement.executeQuery()) {
                            Map<Long, LogEnds> ends = new HashMap<>();
                            while (rows.next()) {
                                ends.put(rows.getLong(5), ends(rows));
                            }
                            return ends;
                        }
                    }
                });
    }

    private static LogEnds ends(ResultSet row) throws SQLException {
        return LogEnds.of(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
    }

    @Override
    public List<AbortedTransaction> aborted(long logId, long fromOffset, long toOffset) {
        return call(
                lookups,
                "look-up of aborted transactions",
                connection -> {
                    try (PreparedStatement statement = connection.prepareStatement(ABORTED)) {
                        statement.setLong(1, logId);
                        statement.setLong(2, fromOffset);
                        statement.setLong(3, toOffset);
                        try (ResultSet rows = statement.executeQuery()) {
                            List<AbortedTransaction> found = new ArrayList<>();
                            while (rows.next()) {
                                found.add(
                                        new AbortedTransaction(
                                                rows.getLong(1), rows.getLong(2), rows.getLong(3)));
                            }
                            return found;
                        }
                    }
                });
    }

    @Override
    public List<Piece> locate(long logId, long offset, int maxBytes) {
        return call(
                lookups,
                "look-up of an offset",
                connection -> {
                    try (PreparedStatement statement = connection.prepareStatement(LOCATE)) {
                        statement.setLong(1, logId);
                        statement.setLong(2, offset);
                        try (ResultSet rows = statement.executeQuery()) {
                            List<Piece> pieces = new ArrayList<>();
                            long size = 0;
                            while (size <= maxBytes && rows.next()) {
                                Piece piece = piece(rows);
                                pieces.add(piece);
                                // The first may begin long before the offset: it does not count.
                                size += pieces.size() == 1 ? 0 : piece.sizeBytes();
                            }
                            return pieces;
                        }
                    }
                });
    }

    @Override
    public Optional<Piece> locateTimestamp(long logId, long fromOffset, long timestampMs) {
        return call(
                lookups,
                "look-up of a timestamp",
                connection -> {
                    try (PreparedStatement statement =
                            connection.prepareStatement(LOCATE_TIMESTAMP)) {
                        statement.setLong(1, logId);
                        statement.setLong(2, timestampMs);
                        statement.setLong(3, timestampMs);
                        statement.setLong(4, fromOffset);
                        try (ResultSet rows = statement.executeQuery()) {
                            return rows.next() ? Optional.of(piece(rows)) : Optional.empty();
                        }
                    }
                });
    }

    private static Piece piece(ResultSet row) throws SQLException {
        return new Piece(
                row.getLong(1),
                row.getLong(2),
                row.getString(3),
                row.getLong(4),
                row.getInt(5),
                row.getBoolean(6));
    }

    private static <T> T call(DataSource dataSource, String what, SqlCall<T> call) {
        try (Connection connection = dataSource.getConnection()) {
            return call.run(connection);
        } catch (SQLException e) {
            if (DatabaseFaults.passing(e)) {
                throw new LogUnavailableException(
                        "the database did not answer a " + what + ": " + e.getMessage(), e);
            }
            throw new IllegalStateException(
                    "the database refused a " + what + ": " + e.getMessage(), e);
        }
    }

    private interface SqlCall<T> {
        T run(Connection connection) throws SQLException;
    }
}
