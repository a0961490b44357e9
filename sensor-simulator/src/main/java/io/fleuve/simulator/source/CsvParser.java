package io.fleuve.simulator.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One pass through a CSV file (RFC 4180, but that a quoted field ends with its line). Each
 * complaint says in which file, line and column, what was expected, and what to do.
 */
final class CsvParser {

    /** More regions than this point to a column that holds something else. */
    static final int MAX_REGIONS = 1_000;

    private static final int MAX_NAME_LENGTH = 100;
    private static final String SETTINGS = "fleuve.simulator.csv.";
    private static final int ABSENT = -1;

    private final String fileName;
    private final CsvFormat format;
    private final Function<String, Instant> times;
    private final Map<String, String> names = new HashMap<>();
    private final Set<String> regions = new HashSet<>();
    private final List<Line> lines = new ArrayList<>();
    private int lineNumber = 1;
    private Columns columns = new Columns(0, 0, 0, 0, 0);
    private boolean inOrder = true;

    CsvParser(String fileName, CsvFormat format) {
        this.fileName = fileName;
        this.format = format;
        this.times = format.times();
    }

    /** A reading and where it stands. */
    private record Line(RecordedReading reading, int number) {}

    /** Where the columns are, and how many there are in all. */
    private record Columns(int time, int region, int sensor, int value, int count) {}

    List<RecordedReading> parse(BufferedReader file) throws IOException {
        columns = header(file.readLine());
        for (String line = file.readLine(); line != null; line = file.readLine()) {
            lineNumber++;
            if (!line.isBlank()) {
                add(line);
            }
        }
        if (lines.isEmpty()) {
            throw invalid("no reading after the header; give a file with data");
        }
        if (!inOrder) {
            lines.sort(Comparator.comparing(line -> line.reading().recordedAt()));
        }
        refuseRepetitions();
        return lines.stream().map(Line::reading).toList();
    }

    private Columns header(@Nullable String line) {
        if (line == null) {
            throw invalid("the file is empty; give a file with a header and data");
        }
        String text = line.startsWith("\ufeff") ? line.substring(1) : line;
        List<String> found = fields(text).stream().map(String::strip).toList();
        return new Columns(
                column(found, "time", format.time()),
                column(found, "region", format.region()),
                column(found, "sensor", format.sensor()),
                column(found, "value", format.value()),
                found.size());
    }

    private int column(List<String> found, String setting, String name) {
        if (name.isBlank()) {
            return ABSENT;
        }
        int index = found.indexOf(name);
        if (index < 0) {
            throw invalid(
                    "there is no column '%s', only %s; name the right one with %s%s"
                            .formatted(name, quoted(found), SETTINGS, setting));
        }
        if (found.lastIndexOf(name) != index) {
            throw invalid("two columns are named '%s'; rename one".formatted(name));
        }
        return index;
    }

    private static String quoted(List<String> names) {
        return "'" + String.join("', '", names.subList(0, Math.min(50, names.size()))) + "'";
    }

    private void add(String line) {
        if (lines.size() == CsvReadingSource.MAX_READINGS) {
            throw invalid(
                    "more than %d readings; split the file"
                            .formatted(CsvReadingSource.MAX_READINGS));
        }
        List<String> fields = fields(line);
        if (fields.size() != columns.count()) {
            throw invalid(
                    "expected %d fields as in the header, found %d in '%s'; correct the line, or set %sseparator"
                            .formatted(columns.count(), fields.size(), line, SETTINGS));
        }
        RecordedReading reading = reading(fields);
        if (!lines.isEmpty()
                && reading.recordedAt().isBefore(lines.getLast().reading().recordedAt())) {
            inOrder = false;
        }
        lines.add(new Line(reading, lineNumber));
    }

    private RecordedReading reading(List<String> fields) {
        Instant recordedAt = time(fields.get(columns.time()).strip());
        OptionalDouble celsius = celsius(fields.get(columns.value()).strip());
        if (columns.sensor() == ABSENT) {
            String region = name(format.region(), fields.get(columns.region()).strip());
            String only = name(format.region(), region + "-1");
            return countRegion(new RecordedReading(recordedAt, region, only, region, celsius));
        }
        String sensor = name(format.sensor(), fields.get(columns.sensor()).strip());
        String region =
                columns.region() == ABSENT
                        ? sensor
                        : name(format.region(), fields.get(columns.region()).strip());
        String series = region.equals(sensor) ? region : once(region + "/" + sensor);
        return countRegion(new RecordedReading(recordedAt, region, sensor, series, celsius));
    }

    private RecordedReading countRegion(RecordedReading reading) {
        if (regions.add(reading.region()) && regions.size() > MAX_REGIONS) {
            throw invalid(
                    "more than %d regions; name the right column with %sregion"
                            .formatted(MAX_REGIONS, SETTINGS));
        }
        return reading;
    }

    private Instant time(String text) {
        try {
            return times.apply(text);
        } catch (DateTimeException | NumberFormatException _) {
            throw invalid(
                    format.time(),
                    "expected %s, found '%s'; correct it, or set %stime-format"
                            .formatted(format.timeExample(), text, SETTINGS));
        }
    }

    private String name(String column, String text) {
        if (text.isEmpty()) {
            throw invalid(column, "the name is missing; fill it in or remove the line");
        }
        if (text.length() > MAX_NAME_LENGTH || text.chars().anyMatch(Character::isISOControl)) {
            throw invalid(
                    column,
                    "a name has at most %d characters and no control characters; shorten it"
                            .formatted(MAX_NAME_LENGTH));
        }
        return once(text);
    }

    /** Names repeat on every line: each is kept once. */
    private String once(String name) {
        return Objects.requireNonNull(names.computeIfAbsent(name, Function.identity()));
    }

    private OptionalDouble celsius(String text) {
        if (text.isEmpty()) {
            return OptionalDouble.empty();
        }
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return OptionalDouble.of(format.unit().toCelsius(value));
            }
        } catch (NumberFormatException _) {
            // Falls through to the one message that both cases deserve.
        }
        throw invalid(
                format.value(),
                "expected a number or nothing, found '%s'; correct it, or name the right column with %svalue"
                        .formatted(text, SETTINGS));
    }

    private void refuseRepetitions() {
        Instant time = Instant.MIN;
        Set<String> ofThisTime = new HashSet<>();
        for (Line line : lines) {
            RecordedReading reading = line.reading();
            if (!reading.recordedAt().equals(time)) {
                time = reading.recordedAt();
                ofThisTime.clear();
            }
            if (!ofThisTime.add(reading.series())) {
                lineNumber = line.number();
                throw invalid(
                        "a second reading of '%s' at %s; remove it, or name the column of sensors with %ssensor"
                                .formatted(reading.series(), time, SETTINGS));
            }
        }
    }

    private List<String> fields(String line) {
        char separator = format.separator();
        boolean hasQuotes = line.indexOf('"') >= 0;
        List<String> fields = new ArrayList<>();
        int from = 0;
        while (from <= line.length()) {
            if (hasQuotes && from < line.length() && line.charAt(from) == '"') {
                StringBuilder field = new StringBuilder();
                from = quotedField(line, from + 1, field);
                fields.add(field.toString());
            } else {
                int end = line.indexOf(separator, from);
                end = end < 0 ? line.length() : end;
                fields.add(line.substring(from, end));
                from = end + 1;
            }
        }
        return fields;
    }

    /** Reads on after an opening quote, and returns where the next field begins. */
    private int quotedField(String line, int start, StringBuilder field) {
        int at = start;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c != '"') {
                field.append(c);
                at++;
            } else if (at + 1 < line.length() && line.charAt(at + 1) == '"') {
                field.append('"');
                at += 2;
            } else if (at + 1 == line.length() || line.charAt(at + 1) == format.separator()) {
                return at + 2;
            } else {
                break;
            }
        }
        throw invalid("a quote is not closed, or text follows it; correct the line '" + line + "'");
    }

    private InvalidReadingsException invalid(String problem) {
        return new InvalidReadingsException(
                "%s, line %d: %s".formatted(fileName, lineNumber, problem));
    }

    private InvalidReadingsException invalid(String column, String problem) {
        return new InvalidReadingsException(
                "%s, line %d, column %s: %s".formatted(fileName, lineNumber, column, problem));
    }
}
