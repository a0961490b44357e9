package io.fleuve.simulator.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Readings recorded in a CSV file: a header line, then one line a reading, ordered by time.
 *
 * <pre>
 * observed_at,region,celsius
 * 2024-01-01T00:00:00Z,dakar,24.2
 * 2024-01-01T00:00:00Z,thies,          (the sensor gave nothing: a blank reading)
 * </pre>
 *
 * The whole file is held in memory, since a replay seeks in it; {@link #MAX_READINGS} bounds that.
 * Names repeat on every line, so each region is kept once.
 */
public final class CsvReadingSource implements ReadingSource {

    /**
     * More lines than this (some 200 MB in memory) are refused: a mistaken file should not end in
     * lack of memory.
     */
    static final int MAX_READINGS = 2_000_000;

    private static final String HEADER = "observed_at,region,celsius";
    private static final Pattern NAME = Pattern.compile("[a-z0-9.-]{1,100}");

    private final String name;
    private final List<RecordedReading> readings;

    private CsvReadingSource(String name, List<RecordedReading> readings) {
        this.name = name;
        this.readings = List.copyOf(readings);
    }

    /**
     * Reads a file to its end and closes it.
     *
     * @param fileName names the source (without its ending) and stands in messages
     * @throws InvalidReadingsException if a line is not a reading, or the file holds none
     */
    public static CsvReadingSource read(String fileName, InputStream file) {
        String name =
                fileName.endsWith(".csv") ? fileName.substring(0, fileName.length() - 4) : fileName;
        if (!NAME.matcher(name).matches()) {
            throw new InvalidReadingsException(
                    "%s: the file's name without .csv names the replay and must match %s"
                            .formatted(fileName, NAME));
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return new CsvReadingSource(name, new Parser(fileName).parse(lines));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + fileName, e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<RecordedReading> readings() {
        return readings;
    }

    /**
     * The state of one pass through a file: where it is, and what the next line must not
     * contradict.
     */
    private static final class Parser {

        private final String fileName;
        private final Map<String, String> regions = new HashMap<>();
        private final Set<String> regionsOfThisTime = new HashSet<>();
        private Instant time = Instant.MIN;
        private int lineNumber = 1;

        Parser(String fileName) {
            this.fileName = fileName;
        }

        List<RecordedReading> parse(BufferedReader lines) throws IOException {
            String header = lines.readLine();
            if (header == null || !header.strip().equals(HEADER)) {
                throw invalid("expected the header '%s', found '%s'".formatted(HEADER, header));
            }
            List<RecordedReading> readings = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                lineNumber++;
                if (line.isBlank()) {
                    continue;
                }
                if (readings.size() == MAX_READINGS) {
                    throw invalid("more than %d readings; split the file".formatted(MAX_READINGS));
                }
                readings.add(reading(line));
            }
            if (readings.isEmpty()) {
                throw invalid("no reading after the header");
            }
            return readings;
        }

        private RecordedReading reading(String line) {
            String[] fields = line.split(",", -1);
            if (fields.length != 3) {
                throw invalid(
                        "expected 3 fields (%s), found %d in '%s'"
                                .formatted(HEADER, fields.length, line));
            }
            Instant recordedAt = time(fields[0].strip());
            String region = region(fields[1].strip());
            inOrder(recordedAt, region);
            return new RecordedReading(recordedAt, region, celsius(fields[2].strip()));
        }

        private Instant time(String text) {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException _) {
                throw invalid(
                        "observed_at must be a UTC time such as 2024-01-01T00:00:00Z, found '%s'"
                                .formatted(text));
            }
        }

        private String region(String text) {
            if (text.isEmpty()) {
                throw invalid("region is missing");
            }
            return regions.computeIfAbsent(text, name -> name);
        }

        private OptionalDouble celsius(String text) {
            if (text.isEmpty()) {
                return OptionalDouble.empty();
            }
            try {
                double celsius = Double.parseDouble(text);
                if (Double.isFinite(celsius)) {
                    return OptionalDouble.of(celsius);
                }
            } catch (NumberFormatException _) {
                // Falls through to the one message that both cases deserve.
            }
            throw invalid("celsius must be a number or blank, found '%s'".formatted(text));
        }

        private void inOrder(Instant recordedAt, String region) {
            if (recordedAt.isBefore(time)) {
                throw invalid(
                        "%s lies before the line above (%s); sort by observed_at"
                                .formatted(recordedAt, time));
            }
            if (recordedAt.isAfter(time)) {
                time = recordedAt;
                regionsOfThisTime.clear();
            }
            if (!regionsOfThisTime.add(region)) {
                throw invalid("a second reading of '%s' at %s".formatted(region, recordedAt));
            }
        }

        private InvalidReadingsException invalid(String problem) {
            return new InvalidReadingsException(
                    "%s, line %d: %s".formatted(fileName, lineNumber, problem));
        }
    }
}
