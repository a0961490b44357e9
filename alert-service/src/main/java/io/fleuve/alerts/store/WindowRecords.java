package io.fleuve.alerts.store;

import io.fleuve.alerts.windows.WindowResult;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Records the results of windows as they are published. */
public final class WindowRecords {

    private static final String COLUMNS =
            """
            aggregation, region, sensor, window_start, window_end, count, average, min, max,
            standard_deviation, change_per_hour, p50, p90, p95, p99, revision\
            """;
    private static final String RECORD =
            """
            INSERT INTO recorded_windows (%s) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
            ON CONFLICT (aggregation, region, sensor, window_start) DO UPDATE
            SET window_end = excluded.window_end, count = excluded.count, average = excluded.average,
                min = excluded.min, max = excluded.max,
                standard_deviation = excluded.standard_deviation,
                change_per_hour = excluded.change_per_hour, p50 = excluded.p50, p90 = excluded.p90,
                p95 = excluded.p95, p99 = excluded.p99, revision = excluded.revision
            WHERE recorded_windows.revision < excluded.revision
            """
                    .formatted(COLUMNS);

    private final JdbcClient jdbc;
    private final JdbcOperations operations;

    public WindowRecords(NamedParameterJdbcTemplate jdbc) {
        this.jdbc = JdbcClient.create(jdbc);
        this.operations = jdbc.getJdbcOperations();
    }

    /** Records results; those that are on record already stay as they are. */
    public void record(Collection<WindowResult> results) {
        operations.batchUpdate(RECORD, results.stream().map(WindowRecords::values).toList());
    }

    private static @Nullable Object[] values(WindowResult r) {
        return new @Nullable Object[] {
            r.aggregation(),
            r.region(),
            r.sensor() == null ? "" : r.sensor(),
            Timestamp.from(r.windowStart()),
            Timestamp.from(r.windowEnd()),
            r.count(),
            r.average(),
            r.min(),
            r.max(),
            r.standardDeviation(),
            r.changePerHour(),
            r.p50(),
            r.p90(),
            r.p95(),
            r.p99(),
            r.revision()
        };
    }

    /**
     * What is on record of windows that ended in a time, in the order of their ends.
     *
     * @param regions empty means all
     * @param limit most results
     */
    public List<WindowResult> find(
            String aggregation, Collection<String> regions, Instant from, Instant to, int limit) {
        String where = regions.isEmpty() ? "" : " AND region IN (:regions)";
        JdbcClient.StatementSpec query =
                jdbc.sql(
                                """
                                SELECT %s FROM recorded_windows
                                WHERE aggregation = :aggregation AND window_end > :from
                                  AND window_end <= :to%s
                                ORDER BY window_end, region, sensor, window_start LIMIT :limit
                                """
                                        .formatted(COLUMNS, where))
                        .param("aggregation", aggregation)
                        .param("from", Timestamp.from(from))
                        .param("to", Timestamp.from(to))
                        .param("limit", limit);
        if (!regions.isEmpty()) {
            query = query.param("regions", regions);
        }
        return query.query((row, _) -> result(row)).list();
    }

    /** Forgets what is older than that; returns how many windows. */
    public int forget(Instant before, int limit) {
        return jdbc.sql(
                        """
                        DELETE FROM recorded_windows WHERE ctid IN
                            (SELECT ctid FROM recorded_windows WHERE window_end < :before LIMIT :limit)
                        """)
                .param("before", Timestamp.from(before))
                .param("limit", limit)
                .update();
    }

    private static WindowResult result(ResultSet row) throws SQLException {
        String sensor = Objects.requireNonNullElse(row.getString("sensor"), "");
        return new WindowResult(
                row.getString("aggregation"),
                row.getString("region"),
                sensor.isEmpty() ? null : sensor,
                row.getTimestamp("window_start").toInstant(),
                row.getTimestamp("window_end").toInstant(),
                row.getLong("count"),
                row.getDouble("average"),
                row.getDouble("min"),
                row.getDouble("max"),
                row.getDouble("standard_deviation"),
                row.getDouble("change_per_hour"),
                row.getDouble("p50"),
                row.getDouble("p90"),
                row.getDouble("p95"),
                row.getDouble("p99"),
                row.getInt("revision"));
    }
}
