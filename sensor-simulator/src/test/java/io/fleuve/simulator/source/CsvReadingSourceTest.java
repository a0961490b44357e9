package io.fleuve.simulator.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvReadingSourceTest {

    private static final String HEADER = "observed_at,region,celsius\n";

    @Test
    void readsTimeRegionAndTemperature() {
        ReadingSource source =
                read(HEADER + "2024-01-01T00:00:00Z,dakar,24.2\n2024-01-01T01:00:00Z,dakar,-1\n");

        assertThat(source.name()).isEqualTo("readings");
        assertThat(source.readings())
                .containsExactly(
                        new RecordedReading(
                                Instant.parse("2024-01-01T00:00:00Z"),
                                "dakar",
                                OptionalDouble.of(24.2)),
                        new RecordedReading(
                                Instant.parse("2024-01-01T01:00:00Z"),
                                "dakar",
                                OptionalDouble.of(-1)));
    }

    @Test
    void keepsBlankReadings() {
        assertThat(read(HEADER + "2024-01-01T00:00:00Z,dakar, \n").readings())
                .extracting(RecordedReading::celsius)
                .containsExactly(OptionalDouble.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2024-01-01T01:00:00Z,dakar      | line 3: expected 3 fields",
                "2024-01-01T01:00:00Z,dakar,1,2  | line 3: expected 3 fields",
                "yesterday,dakar,1               | line 3: observed_at must be a UTC time",
                "2024-01-01T01:00:00Z,,1         | line 3: region is missing",
                "2024-01-01T01:00:00Z,dakar,warm | line 3: celsius must be a number or blank, found 'warm'",
                "2024-01-01T01:00:00Z,dakar,NaN  | line 3: celsius must be a number or blank, found 'NaN'",
                "2023-12-31T23:00:00Z,dakar,1    | line 3: 2023-12-31T23:00:00Z lies before the line above",
                "2024-01-01T00:00:00Z,dakar,1    | line 3: a second reading of 'dakar'",
            })
    void namesTheLineThatIsNoReading(String line, String problem) {
        assertThatThrownBy(() -> read(HEADER + "2024-01-01T00:00:00Z,dakar,24.2\n" + line + "\n"))
                .isInstanceOf(InvalidReadingsException.class)
                .hasMessageStartingWith("readings.csv, ")
                .hasMessageContaining(problem);
    }

    @Test
    void refusesAFileWithAnotherHeader() {
        assertThatThrownBy(() -> read("time,place,value\n"))
                .isInstanceOf(InvalidReadingsException.class)
                .hasMessageContaining("line 1: expected the header 'observed_at,region,celsius'");
    }

    @Test
    void refusesAFileWithoutReadings() {
        assertThatThrownBy(() -> read(HEADER)).hasMessageContaining("no reading after the header");
    }

    @Test
    void refusesANameThatCouldNotBeFoundAgain() {
        assertThatThrownBy(
                        () ->
                                CsvReadingSource.read(
                                        "My data.csv", bytes(HEADER), CsvFormat.SHIPPED))
                .isInstanceOf(InvalidReadingsException.class)
                .hasMessageContaining("My data.csv");
    }

    @Test
    void theShippedDataAreAYearOfSevenPlacesAndGetHotSoon() {
        String name = "senegal-hourly-2024.csv";
        InputStream shipped =
                CsvReadingSource.class.getResourceAsStream("/io/fleuve/simulator/data/" + name);
        assertThat(shipped).isNotNull();
        ReadingSource source = CsvReadingSource.read(name, shipped, CsvFormat.SHIPPED);

        assertThat(source.readings()).hasSize(366 * 24 * 7);
        RecordedReading firstHot =
                source.readings().stream()
                        .filter(reading -> reading.celsius().orElse(0) > 30)
                        .findFirst()
                        .orElseThrow();
        // At one recorded hour a second, this is how many seconds after the start the first alert
        // can fire.
        assertThat(firstHot.recordedAt())
                .isBefore(source.readings().getFirst().recordedAt().plusSeconds(20 * 3_600));
    }

    private static ReadingSource read(String csv) {
        return CsvReadingSource.read("readings.csv", bytes(csv), CsvFormat.SHIPPED);
    }

    private static InputStream bytes(String csv) {
        return new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8));
    }
}
