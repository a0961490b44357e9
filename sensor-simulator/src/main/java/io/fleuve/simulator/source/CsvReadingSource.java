package io.fleuve.simulator.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Readings recorded in a CSV file: a header line, then one line a reading.
 *
 * <pre>
 * observed_at,region,celsius
 * 2024-01-01T00:00:00Z,dakar,24.2
 * 2024-01-01T00:00:00Z,thies,          (the sensor gave nothing: a blank reading)
 * </pre>
 *
 * Columns have names, may be in any order, and others may be among them; {@link CsvFormat} says
 * which are meant. Lines may be in any order. The whole file is held in memory, since a replay
 * seeks in it; {@link #MAX_READINGS} bounds that.
 */
public final class CsvReadingSource implements ReadingSource {

    /**
     * More lines than this (some 200 MB in memory) are refused: a mistaken file should not end in
     * lack of memory.
     */
    static final int MAX_READINGS = 2_000_000;

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
    public static CsvReadingSource read(String fileName, InputStream file, CsvFormat format) {
        String name =
                fileName.endsWith(".csv") ? fileName.substring(0, fileName.length() - 4) : fileName;
        if (!NAME.matcher(name).matches()) {
            throw new InvalidReadingsException(
                    "%s: the file's name without .csv names the replay and must match %s; rename it"
                            .formatted(fileName, NAME));
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return new CsvReadingSource(name, new CsvParser(fileName, format).parse(lines));
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
}
