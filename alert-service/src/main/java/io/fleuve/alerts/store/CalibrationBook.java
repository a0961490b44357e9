package io.fleuve.alerts.store;

import io.fleuve.alerts.readings.Calibration;
import io.fleuve.alerts.readings.Calibrations;
import io.fleuve.alerts.readings.CalibrationsInUse;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Keeps the calibrations. Every instance reads them again every few seconds; while the database is
 * away it goes on with those it knows.
 */
public final class CalibrationBook implements CalibrationsInUse, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(CalibrationBook.class);

    /** A calibration and its id. */
    public record Kept(UUID id, Calibration calibration) {}

    private final JdbcClient jdbc;
    private final Duration refreshEvery;
    private final int max;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable Calibrations known;

    /**
     * @param max most calibrations that are kept: all are held in memory
     */
    public CalibrationBook(JdbcClient jdbc, Duration refreshEvery, int max) {
        this.jdbc = jdbc;
        this.refreshEvery = refreshEvery;
        this.max = max;
    }

    /** Begins to look for changes. */
    public void start() {
        Thread.ofVirtual().name("alerts-calibrations").start(this::refresh);
    }

    @Override
    public void close() {
        stopped.countDown();
    }

    @Override
    public Calibrations current() {
        Calibrations current = known;
        return current == null ? load() : current;
    }

    /** All calibrations, or those of one sensor, by sensor and time. */
    public List<Kept> find(@Nullable String sensor, int limit, int offset) {
        return jdbc.sql(
                        """
                        SELECT id, sensor, offset_celsius, gain, valid_from FROM calibrations
                        WHERE :sensor::text IS NULL OR sensor = :sensor
                        ORDER BY sensor, valid_from LIMIT :limit OFFSET :offset
                        """)
                .param("sensor", sensor)
                .param("limit", limit)
                .param("offset", offset)
                .query((row, _) -> kept(row))
                .list();
    }

    /**
     * Keeps a calibration, in the place of one of that sensor that is valid from the same instant.
     * Returns nothing if there are as many as there may be.
     */
    public Optional<Kept> keep(Calibration calibration) {
        Optional<UUID> id =
                jdbc.sql(
                                """
                                INSERT INTO calibrations (id, sensor, offset_celsius, gain, valid_from)
                                SELECT :id, :sensor, :offset, :gain, :validFrom
                                WHERE (SELECT count(*) FROM calibrations) < :max
                                   OR EXISTS (SELECT FROM calibrations
                                              WHERE sensor = :sensor AND valid_from = :validFrom)
                                ON CONFLICT (sensor, valid_from) DO UPDATE
                                SET offset_celsius = excluded.offset_celsius, gain = excluded.gain
                                RETURNING id
                                """)
                        .param("id", UUID.randomUUID())
                        .param("sensor", calibration.sensor())
                        .param("offset", calibration.offset())
                        .param("gain", calibration.gain())
                        .param("validFrom", Timestamp.from(calibration.validFrom()))
                        .param("max", max)
                        .query(UUID.class)
                        .optional();
        load();
        return id.map(given -> new Kept(given, calibration));
    }

    /** Forgets a calibration; says whether there was one. */
    public boolean remove(UUID id) {
        boolean removed =
                jdbc.sql("DELETE FROM calibrations WHERE id = :id").param("id", id).update() > 0;
        load();
        return removed;
    }

    private void refresh() {
        try {
            while (!stopped.await(refreshEvery.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    load();
                } catch (DataAccessException e) {
                    LOGGER.atWarn()
                            .addKeyValue("reason", e.getMessage())
                            .log("calibrations cannot be read now; those known hold on");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Calibrations load() {
        Calibrations loaded =
                new Calibrations(
                        jdbc.sql(
                                        """
                                        SELECT id, sensor, offset_celsius, gain, valid_from
                                        FROM calibrations
                                        """)
                                .query((row, _) -> kept(row).calibration())
                                .list());
        known = loaded;
        return loaded;
    }

    private static Kept kept(ResultSet row) throws SQLException {
        Instant validFrom = row.getTimestamp("valid_from").toInstant();
        return new Kept(
                row.getObject("id", UUID.class),
                new Calibration(
                        row.getString("sensor"),
                        row.getDouble("offset_celsius"),
                        row.getDouble("gain"),
                        validFrom));
    }
}
