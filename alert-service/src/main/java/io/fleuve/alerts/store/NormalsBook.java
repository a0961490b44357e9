package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.Normals;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Month;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Keeps what is usual in each region, by month and hour (UTC): supplied or computed. */
public final class NormalsBook {

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final InstantSource clock;

    /**
     * What is usual in one month and hour.
     *
     * @param windows how many recorded windows it was computed from; 0 if someone supplied it
     */
    public record Normal(String region, int month, int hour, double celsius, long windows) {}

    private record Slot(String region, Month month, int hour) {}

    public NormalsBook(JdbcClient jdbc, TransactionTemplate transactions, InstantSource clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** What is usual in these regions. */
    public Normals of(Collection<String> regions) {
        Map<Slot, Double> known = new HashMap<>();
        if (!regions.isEmpty()) {
            jdbc.sql(
                            "SELECT region, month, hour, celsius FROM region_normals WHERE region IN (:regions)")
                    .param("regions", regions)
                    .query(
                            row -> {
                                known.put(
                                        new Slot(
                                                row.getString(1),
                                                Month.of(row.getInt(2)),
                                                row.getInt(3)),
                                        row.getDouble(4));
                            });
        }
        return (region, month, hour) -> {
            Double celsius = known.get(new Slot(region, month, hour));
            return celsius == null ? OptionalDouble.empty() : OptionalDouble.of(celsius);
        };
    }

    /** All that is known of a region, by month and hour. */
    public List<Normal> list(String region) {
        return jdbc.sql(
                        """
                        SELECT region, month, hour, celsius, windows FROM region_normals
                        WHERE region = :region ORDER BY month, hour
                        """)
                .param("region", region)
                .query(Normal.class)
                .list();
    }

    /** Replaces what is known of the given months and hours. */
    public void supply(List<Normal> normals) {
        Timestamp now = Timestamp.from(clock.instant());
        transactions.executeWithoutResult(
                _ ->
                        normals.forEach(
                                n ->
                                        jdbc.sql(
                                                        """
                                                        INSERT INTO region_normals VALUES
                                                            (:region, :month, :hour, :celsius, 0, :now)
                                                        ON CONFLICT (region, month, hour) DO UPDATE
                                                        SET celsius = excluded.celsius, windows = 0,
                                                            updated_at = excluded.updated_at
                                                        """)
                                                .param("region", n.region())
                                                .param("month", n.month())
                                                .param("hour", n.hour())
                                                .param("celsius", n.celsius())
                                                .param("now", now)
                                                .update()));
    }

    /**
     * Computes what is usual from the service's own windows of all regions that began in a time.
     *
     * @return how many months and hours of regions are known now
     */
    public int compute(Instant from, Instant to) {
        Integer rows =
                transactions.execute(
                        _ ->
                                jdbc.sql(
                                                """
                                                INSERT INTO region_normals
                                                SELECT region,
                                                       extract(month FROM window_start AT TIME ZONE 'UTC'),
                                                       extract(hour FROM window_start AT TIME ZONE 'UTC'),
                                                       avg(average), count(*), :now
                                                FROM recorded_windows
                                                WHERE aggregation = 'default' AND sensor = ''
                                                  AND window_start >= :from AND window_start < :to
                                                  AND window_end - window_start <= interval '1 hour'
                                                GROUP BY 1, 2, 3
                                                ON CONFLICT (region, month, hour) DO UPDATE
                                                SET celsius = excluded.celsius, windows = excluded.windows,
                                                    updated_at = excluded.updated_at
                                                """)
                                        .param("now", Timestamp.from(clock.instant()))
                                        .param("from", Timestamp.from(from))
                                        .param("to", Timestamp.from(to))
                                        .update());
        return rows == null ? 0 : rows;
    }
}
