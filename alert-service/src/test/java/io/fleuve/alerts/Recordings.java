package io.fleuve.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fleuve.alerts.windows.WindowResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The first days of the hourly recordings of seven places in Senegal in 2024, and what their
 * averages are, calculated in decimal numbers from the file. Source: Open-Meteo.com, CC BY 4.0 (see
 * NOTICE). {@code fleuve.test.replay.days} says how many days (366 are all), {@code
 * fleuve.test.recordings} where the file is, if not in the simulator's resources.
 */
final class Recordings {

    private static final String FILE =
            "../sensor-simulator/src/main/resources/io/fleuve/simulator/data/senegal-hourly-2024.csv";
    private static final int DEFAULT_DAYS = 60;

    private final List<Row> rows;

    /** A row with a value; the value as it is written. */
    record Row(Instant observedAt, String region, String celsius) {}

    private record Key(String region, Instant start, Duration size) {}

    private Recordings(List<Row> rows) {
        this.rows = rows;
    }

    static Recordings load() {
        Path file = Path.of(System.getProperty("fleuve.test.recordings", FILE));
        int days = Integer.getInteger("fleuve.test.replay.days", DEFAULT_DAYS);
        Instant until = Instant.parse("2024-01-01T00:00:00Z").plus(Duration.ofDays(days));
        try {
            List<Row> rows = new ArrayList<>();
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                String[] cells = line.strip().split(",", -1);
                if (cells[0].equals("observed_at") || cells[2].isEmpty()) {
                    continue;
                }
                Instant at = Instant.parse(cells[0]);
                if (at.isBefore(until)) {
                    rows.add(new Row(at, cells[1], cells[2]));
                }
            }
            return new Recordings(List.copyOf(rows));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Row> rows() {
        return rows;
    }

    /** The rows so that none is further behind another than the grace. */
    List<Row> shuffledWithin(Duration grace, long seed) {
        Random random = new Random(seed);
        Map<Row, Long> arrival = new HashMap<>();
        for (Row row : rows) {
            arrival.put(row, row.observedAt().toEpochMilli() + random.nextLong(grace.toMillis()));
        }
        List<Row> shuffled = new ArrayList<>(rows);
        shuffled.sort(Comparator.comparingLong(row -> arrival.getOrDefault(row, 0L)));
        return Collections.unmodifiableList(shuffled);
    }

    /** How many windows there must be, hours and days. */
    int windows() {
        return byWindow().size();
    }

    /** Fails unless these are the averages of each hour and each day of each region. */
    void assertAveragesOf(Collection<WindowResult> results) {
        Map<Key, List<BigDecimal>> expected = byWindow();
        Map<String, WindowResult> seen = new TreeMap<>();
        for (WindowResult result : results) {
            Duration size = Duration.between(result.windowStart(), result.windowEnd());
            Key key = new Key(result.region(), result.windowStart(), size);
            List<BigDecimal> values = expected.get(key);
            assertThat(values).as("a window that ought to be: %s", key).isNotNull();
            WindowResult before = seen.put(key.toString(), result);
            assertThat(before == null || before.equals(result))
                    .as("a window that was published again is the same: %s", key)
                    .isTrue();
            BigDecimal sum = values.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
            double average =
                    sum.divide(BigDecimal.valueOf(values.size()), MathContext.DECIMAL128)
                            .doubleValue();
            assertThat(result.count()).as("count of %s", key).isEqualTo(values.size());
            assertThat(result.average()).as("average of %s", key).isCloseTo(average, within(1e-9));
            assertThat(result.min()).isEqualTo(Collections.min(values).doubleValue());
            assertThat(result.max()).isEqualTo(Collections.max(values).doubleValue());
        }
        assertThat(seen).hasSize(expected.size());
    }

    private Map<Key, List<BigDecimal>> byWindow() {
        Map<Key, List<BigDecimal>> values = new HashMap<>();
        for (Row row : rows) {
            BigDecimal value = new BigDecimal(row.celsius());
            Instant at = row.observedAt();
            for (ChronoUnit unit : List.of(ChronoUnit.HOURS, ChronoUnit.DAYS)) {
                Key key = new Key(row.region(), at.truncatedTo(unit), unit.getDuration());
                values.computeIfAbsent(key, _ -> new ArrayList<>()).add(value);
            }
        }
        return values;
    }
}
