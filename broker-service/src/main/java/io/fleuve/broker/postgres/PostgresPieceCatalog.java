package io.fleuve.broker.postgres;

import io.fleuve.broker.log.AbortedTransaction;
import io.fleuve.broker.upkeep.Piece;
import io.fleuve.broker.upkeep.PieceCatalog;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The catalog of pieces in PostgreSQL: one statement a call, each a transaction of its own. */
public final class PostgresPieceCatalog implements PieceCatalog {

    private static final String PIECE =
            """
            SELECT p.log_id, p.base_offset, p.last_offset, p.object_id,
                   (SELECT object_key FROM objects AS o WHERE o.object_id = p.object_id) AS object_key,
                   p.position, p.size_bytes, p.max_timestamp, p.running_max, p.settled
            FROM pieces AS p
            """;

    private final JdbcClient jdbc;

    public PostgresPieceCatalog(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Claim> claimObject(Duration lease) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql("SELECT object_id, object_key, small_only FROM claim_object(?)")
                                .param(lease.toMillis())
                                .query(
                                        (row, _) ->
                                                new Claim(
                                                        row.getLong(1),
                                                        row.getString(2),
                                                        row.getBoolean(3)))
                                .optional());
    }

    @Override
    public List<Piece> piecesOf(long objectId, int belowBytes, int limit) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql(
                                        PIECE
                                                + """
                                                WHERE p.object_id = ? AND p.size_bytes < ?
                                                ORDER BY p.log_id, p.last_offset LIMIT ?
                                                """)
                                .params(objectId, belowBytes, limit)
                                .query(PostgresPieceCatalog::piece)
                                .list());
    }

    @Override
    public List<Piece> around(long logId, long from, long to, int before) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql(
                                        PIECE
                                                + """
                                                WHERE p.log_id = ? AND p.last_offset <= ? AND p.last_offset >= coalesce(
                                                    (SELECT min(last_offset) FROM (
                                                        SELECT last_offset FROM pieces
                                                        WHERE log_id = ? AND last_offset < ?
                                                        ORDER BY last_offset DESC LIMIT ?) AS earlier),
                                                    ?)
                                                ORDER BY p.last_offset
                                                """)
                                .params(logId, to, logId, from, before, from)
                                .query(PostgresPieceCatalog::piece)
                                .list());
    }

    @Override
    public List<Piece> piecesFrom(long logId, long from, int limit) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql(
                                        PIECE
                                                + """
                                                WHERE p.log_id = ? AND p.last_offset >= ?
                                                ORDER BY p.last_offset LIMIT ?
                                                """)
                                .params(logId, from, limit)
                                .query(PostgresPieceCatalog::piece)
                                .list());
    }

    @Override
    public void markMerged(long objectId) {
        DatabaseFaults.call(
                () ->
                        jdbc.sql("UPDATE objects SET merged = true WHERE object_id = ?")
                                .param(objectId)
                                .update());
    }

    @Override
    public long begin(String objectKey, Duration openFor) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql("SELECT enlist_object(?, false, ?)")
                                .params(objectKey, openFor.toMillis())
                                .query(Long.class)
                                .single());
    }

    @Override
    public Set<Long> swap(long objectId, long objectBytes, List<Piece> old, List<Piece> fresh) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql("SELECT swap_pieces(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                                .params(
                                        objectId,
                                        objectBytes,
                                        longs(old, Piece::logId),
                                        longs(old, Piece::lastOffset),
                                        longs(old, Piece::objectId),
                                        longs(fresh, Piece::logId),
                                        longs(fresh, Piece::lastOffset),
                                        longs(fresh, Piece::baseOffset),
                                        longs(fresh, Piece::position),
                                        fresh.stream().mapToInt(Piece::sizeBytes).toArray(),
                                        longs(fresh, Piece::maxTimestamp),
                                        longs(fresh, Piece::runningMax))
                                .query((row, _) -> numbers(row.getArray(1)))
                                .single());
    }

    @Override
    public List<Long> logsToTrim(int limit) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql(
                                        """
                                        SELECT u.log_id FROM upkeep AS u LEFT JOIN logs AS l USING (log_id)
                                        WHERE u.dropped OR l.start_offset > u.trimmed_to LIMIT ?
                                        """)
                                .param(limit)
                                .query(Long.class)
                                .list());
    }

    @Override
    public boolean trim(long logId, int limit) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql("SELECT trim_log(?, ?)")
                                .params(logId, limit)
                                .query(Boolean.class)
                                .single());
    }

    @Override
    public boolean retain(long logId, OptionalLong oldestMs, OptionalLong maxBytes, int limit) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql("SELECT apply_retention(?, ?::bigint, ?::bigint, ?)")
                                .params(
                                        Arrays.asList(
                                                logId, orNull(oldestMs), orNull(maxBytes), limit))
                                .query(Boolean.class)
                                .single());
    }

    @Override
    public boolean claimLog(long logId, Duration lease) {
        return DatabaseFaults.call(
                        () ->
                                jdbc.sql(
                                                """
                                                UPDATE upkeep SET claimed_until =
                                                    clock_timestamp() + ? * interval '1 millisecond'
                                                WHERE log_id = ? AND claimed_until < clock_timestamp() AND NOT dropped
                                                """)
                                        .params(lease.toMillis(), logId)
                                        .update())
                == 1;
    }

    @Override
    public void releaseLog(long logId) {
        DatabaseFaults.call(
                () ->
                        jdbc.sql("UPDATE upkeep SET claimed_until = '-infinity' WHERE log_id = ?")
                                .param(logId)
                                .update());
    }

    @Override
    public Optional<Cleanable> cleanable(long logId, long youngestMs) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql("SELECT * FROM cleanable(?, ?)")
                                .params(logId, youngestMs)
                                .query(
                                        (row, _) ->
                                                new Cleanable(
                                                        row.getLong("start_offset"),
                                                        row.getLong("cleaned_to"),
                                                        row.getLong("end_offset"),
                                                        row.getLong("clean_bytes"),
                                                        row.getLong("dirty_bytes"),
                                                        row.getLong("oldest_dirty")))
                                .optional());
    }

    @Override
    public void cleaned(long logId, long to) {
        DatabaseFaults.call(
                () ->
                        jdbc.sql(
                                        """
                                        UPDATE upkeep SET cleaned_to = greatest(cleaned_to, ?) WHERE log_id = ?
                                        """)
                                .params(to, logId)
                                .update());
    }

    @Override
    public void declareDead() {
        DatabaseFaults.call(
                () ->
                        jdbc.sql(
                                        """
                                        UPDATE objects SET dead_at = clock_timestamp()
                                        WHERE live_pieces = 0 AND open_until < clock_timestamp() AND dead_at IS NULL
                                        """)
                                .update());
    }

    @Override
    public List<Dead> dead(Duration since, int limit) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql(
                                        """
                                        SELECT object_id, object_key FROM objects
                                        WHERE dead_at < clock_timestamp() - ? * interval '1 millisecond' LIMIT ?
                                        """)
                                .params(since.toMillis(), limit)
                                .query((row, _) -> new Dead(row.getLong(1), row.getString(2)))
                                .list());
    }

    @Override
    public void forget(Collection<Long> objectIds) {
        DatabaseFaults.call(
                () ->
                        jdbc.sql(
                                        """
                                        DELETE FROM objects WHERE object_id = ANY (?) AND dead_at IS NOT NULL
                                        """)
                                .param(objectIds.stream().mapToLong(Long::longValue).toArray())
                                .update());
    }

    @Override
    public Set<String> unknown(Collection<String> objectKeys) {
        Set<String> unknown = new HashSet<>(objectKeys);
        DatabaseFaults.call(
                        () ->
                                jdbc.sql(
                                                "SELECT object_key FROM objects WHERE object_key = ANY (?)")
                                        .param(objectKeys.toArray(String[]::new))
                                        .query(String.class)
                                        .list())
                .forEach(unknown::remove);
        return unknown;
    }

    @Override
    public List<AbortedTransaction> aborted(long logId, long fromOffset, long toOffset) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql("SELECT * FROM aborted_between(?, ?, ?)")
                                .params(logId, fromOffset, toOffset)
                                .query(
                                        (row, number) ->
                                                new AbortedTransaction(
                                                        row.getLong("producer_id"),
                                                        row.getLong("first_offset"),
                                                        row.getLong("last_offset")))
                                .list());
    }

    @Override
    public void forgetAborted(long logId, List<Long> markerOffsets) {
        if (markerOffsets.isEmpty()) {
            return;
        }
        int _ =
                DatabaseFaults.call(
                        () ->
                                jdbc.sql(
                                                "DELETE FROM aborted_transactions"
                                                        + " WHERE log_id = ? AND last_offset = ANY (?)")
                                        .params(
                                                logId,
                                                markerOffsets.stream()
                                                        .mapToLong(Long::longValue)
                                                        .toArray())
                                        .update());
    }

    @Override
    public int expireProducers(Duration idle, int limit) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql(
                                        """
                                        DELETE FROM producer_states WHERE (log_id, producer_id) IN (
                                            SELECT log_id, producer_id FROM producer_states
                                            WHERE updated_at < clock_timestamp() - ? * interval '1 millisecond'
                                                AND open_from IS NULL
                                            LIMIT ? FOR UPDATE SKIP LOCKED)
                                        """)
                                .params(idle.toMillis(), limit)
                                .update());
    }

    @Override
    public boolean claimChore(String name, Duration every, Duration lease) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql("SELECT claim_chore(?, ?, ?)")
                                .params(name, every.toMillis(), lease.toMillis())
                                .query(Boolean.class)
                                .single());
    }

    @Override
    public void releaseChore(String name) {
        DatabaseFaults.call(
                () ->
                        jdbc.sql(
                                        """
                                        UPDATE chores SET held_until = clock_timestamp() WHERE name = ?
                                        """)
                                .param(name)
                                .update());
    }

    private static Piece piece(ResultSet row, int number) throws SQLException {
        return new Piece(
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getString(5),
                row.getLong(6),
                row.getInt(7),
                row.getLong(8),
                row.getLong(9),
                row.getBoolean(10));
    }

    private static long[] longs(List<Piece> pieces, ToLongFunction<Piece> column) {
        return pieces.stream().mapToLong(column).toArray();
    }

    private static Set<Long> numbers(Array array) throws SQLException {
        return Arrays.stream((Long[]) array.getArray()).collect(Collectors.toSet());
    }

    private static @Nullable Long orNull(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }
}
