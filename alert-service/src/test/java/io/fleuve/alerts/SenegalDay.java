package io.fleuve.alerts;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * One recorded day of seven places in Senegal, 1 May 2024, with a few values missing. Source:
 * Open-Meteo.com, CC BY 4.0 (see NOTICE).
 */
public final class SenegalDay {

    /** A row of the file; rows without a value are left out, as a publisher does. */
    public record Row(Instant observedAt, String region, double celsius) {}

    private SenegalDay() {}

    /** All rows with a value, in the order of the file: by time, then by region. */
    public static List<Row> rows() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        SenegalDay.class.getResourceAsStream(
                                                "senegal-2024-05-01.csv")),
                                StandardCharsets.UTF_8))) {
            return lines.lines()
                    .skip(1)
                    .map(line -> line.split(",", -1))
                    .filter(cells -> !cells[2].isEmpty())
                    .map(
                            cells ->
                                    new Row(
                                            Instant.parse(cells[0]),
                                            cells[1],
                                            Double.parseDouble(cells[2])))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
