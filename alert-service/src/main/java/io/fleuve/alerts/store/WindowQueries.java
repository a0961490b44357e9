package io.fleuve.alerts.store;

import io.fleuve.alerts.windows.WindowResult;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.Pageable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds recorded windows, for those who ask. */
public final class WindowQueries {

    private static final String WHERE =
            """
             FROM recorded_windows
            WHERE aggregation = :aggregation
              AND (:region::text IS NULL OR region = :region)
              AND (:sensor::text IS NULL OR sensor = :sensor)
              AND window_end > :from AND window_start < :to
            """;

    /**
     * Which windows are wanted.
     *
     * @param region null for all
     * @param sensor null for all
     * @param from windows that end after it
     * @param to windows that start before it
     */
    public record Wanted(
            String aggregation,
            @Nullable String region,
            @Nullable String sensor,
            Instant from,
            Instant to) {}

    private final JdbcClient jdbc;

    public WindowQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The windows, by start, region and sensor. */
    public Page<WindowResult> find(Wanted wanted, Pageable page) {
        List<WindowResult> results =
                with(
                                wanted,
                                "SELECT *"
                                        + WHERE
                                        + " ORDER BY window_start, region, sensor"
                                        + " LIMIT :limit OFFSET :offset")
                        .param("limit", page.getPageSize())
                        .param("offset", page.getOffset())
                        .query((row, _) -> result(row))
                        .list();
        long total = with(wanted, "SELECT count(*)" + WHERE).query(Long.class).single();
        return new PageImpl<>(results, page, total);
    }

    private JdbcClient.StatementSpec with(Wanted wanted, String sql) {
        return jdbc.sql(sql)
                .param("aggregation", wanted.aggregation())
                .param("region", wanted.region())
                .param("sensor", wanted.sensor())
                .param("from", Timestamp.from(wanted.from()))
                .param("to", Timestamp.from(wanted.to()));
    }

    private static WindowResult result(ResultSet row) throws SQLException {
        String sensor = row.getString("sensor");
        return new WindowResult(
                row.getString("aggregation"),
                row.getString("region"),
                sensor == null || sensor.isEmpty() ? null : sensor,
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
