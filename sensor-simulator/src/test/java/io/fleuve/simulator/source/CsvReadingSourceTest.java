package io.fleuve.simulator.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.fleuve.simulator.source.CsvFormat.Unit;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
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
                "2024-01-01T01:00:00Z,dakar      | line 3: expected 3 fields as in the header, found 2",
                "2024-01-01T01:00:00Z,dakar,1,2  | line 3: expected 3 fields as in the header, found 4",
                "yesterday,dakar,1               | line 3, column observed_at: expected a time such as 2024-01-01T00:00:00Z, found 'yesterday'; correct it, or set fleuve.simulator.csv.time-format",
                "2024-01-01T01:00:00Z,,1         | line 3, column region: the name is missing",
                "2024-01-01T01:00:00Z,dakar,warm | line 3, column celsius: expected a number or nothing, found 'warm'",
                "2024-01-01T01:00:00Z,dakar,NaN  | line 3, column celsius: expected a number or nothing, found 'NaN'",
                "2024-01-01T00:00:00Z,dakar,1    | line 3: a second reading of 'dakar' at 2024-01-01T00:00:00Z; remove it, or name the column of sensors",
            })
    void namesTheLineAndColumnThatIsNoReading(String line, String problem) {
        assertThatThrownBy(() -> read(HEADER + "2024-01-01T00:00:00Z,dakar,24.2\n" + line + "\n"))
                .isInstanceOf(InvalidReadingsException.class)
                .hasMessageStartingWith("readings.csv, ")
                .hasMessageContaining(problem);
    }

    @Test
    void refusesAFileWithoutTheColumnAndSaysWhichThereAre() {
        assertThatThrownBy(() -> read("time,place,value\n"))
                .isInstanceOf(InvalidReadingsException.class)
                .hasMessage(
                        "readings.csv, line 1: there is no column 'observed_at', only 'time', 'place',"
                                + " 'value'; name the right one with fleuve.simulator.csv.time");
    }

    @Test
    void readsColumnsByNameInAnyOrderWithOthersAmongThem() {
        ReadingSource source =
                read(
                        "\ufeffid;\"Temp, \"\"air\"\"\";station;when\n"
                                + "1;50;\"north; \"\"old\"\"\";1704067200\n"
                                + "2;14;south;1704070800.5\n",
                        format(
                                "when",
                                "station",
                                "",
                                "Temp, \"air\"",
                                Unit.FAHRENHEIT,
                                ';',
                                "epoch-seconds"));

        assertThat(source.readings())
                .containsExactly(
                        new RecordedReading(
                                Instant.parse("2024-01-01T00:00:00Z"),
                                "north; \"old\"",
                                OptionalDouble.of(10)),
                        new RecordedReading(
                                Instant.parse("2024-01-01T01:00:00.500Z"),
                                "south",
                                OptionalDouble.of(-10)));
    }

    @Test
    void readsSeveralSensorsOfARegionAtATime() {
        ReadingSource source =
                read(
                        "t,region,sensor,k\n"
                                + "1704067200000,lab,freezer,255.15\n"
                                + "1704067200000,lab,fridge,277.15\n",
                        format("t", "region", "sensor", "k", Unit.KELVIN, ',', "epoch-millis"));

        assertThat(source.readings())
                .extracting(
                        RecordedReading::region, RecordedReading::sensor, RecordedReading::series)
                .containsExactly(
                        tuple("lab", "freezer", "lab/freezer"),
                        tuple("lab", "fridge", "lab/fridge"));
        assertThat(source.readings())
                .extracting(reading -> reading.celsius().orElseThrow())
                .containsExactly(-18.0, 4.0);
    }

    @Test
    void takesTheSensorForTheRegionIfThereIsNoOther() {
        ReadingSource source =
                read(
                        "t,sensor,celsius\n2024-01-01 06:30,truck-7,4\n",
                        format("t", "", "sensor", "celsius", Unit.CELSIUS, ',', "iso"));

        assertThat(source.readings())
                .containsExactly(
                        new RecordedReading(
                                Instant.parse("2024-01-01T06:30:00Z"),
                                "truck-7",
                                "truck-7",
                                "truck-7",
                                OptionalDouble.of(4)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "iso              | 2024-07-01T12:00:00Z      | 2024-07-01T12:00:00Z",
                "iso              | 2024-07-01T12:00:00+02:00 | 2024-07-01T10:00:00Z",
                "iso              | 2024-07-01 12:00          | 2024-07-01T10:00:00Z",
                "dd/MM/yyyy HH:mm | 01/07/2024 12:00          | 2024-07-01T10:00:00Z",
                "yyyy-MM-dd       | 2024-07-01                | 2024-06-30T22:00:00Z",
            })
    void readsTimesOfManyForms(String timeFormat, String text, Instant time) {
        CsvFormat format =
                new CsvFormat(
                        "t",
                        "r",
                        "",
                        "c",
                        Unit.CELSIUS,
                        ',',
                        timeFormat,
                        ZoneId.of("Europe/Paris"));

        assertThat(read("t,r,c\n" + text + ",oslo,1\n", format).readings().getFirst().recordedAt())
                .isEqualTo(time);
    }

    @Test
    void sortsLinesByTime() {
        ReadingSource source =
                read(
                        HEADER
                                + "2024-01-01T01:00:00Z,dakar,2\n2024-01-01T00:00:00Z,dakar,1\n"
                                + "2024-01-01T00:00:00Z,thies,3\n");

        assertThat(source.readings())
                .extracting(reading -> reading.celsius().orElseThrow())
                .containsExactly(1.0, 3.0, 2.0);
    }

    @Test
    void refusesFormatsThatCannotBe() {
        assertThatThrownBy(() -> format("t", "", "", "c", Unit.CELSIUS, ',', "iso"))
                .hasMessageContaining("region or sensor must name the column");
        assertThatThrownBy(() -> format("t", "r", "", "c", Unit.CELSIUS, ',', "foo"))
                .hasMessageContaining("time-format must be iso, epoch-seconds");
        assertThatThrownBy(() -> read(HEADER + "2024-01-01T01:00:00Z,\"dakar,2\n"))
                .hasMessageContaining("line 2: a quote is not closed");
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

    private static CsvFormat format(
            String time,
            String region,
            String sensor,
            String value,
            Unit unit,
            char separator,
            String timeFormat) {
        return new CsvFormat(
                time, region, sensor, value, unit, separator, timeFormat, ZoneId.of("UTC"));
    }

    private static ReadingSource read(String csv) {
        return read(csv, CsvFormat.SHIPPED);
    }

    private static ReadingSource read(String csv, CsvFormat format) {
        return CsvReadingSource.read("readings.csv", bytes(csv), format);
    }

    private static InputStream bytes(String csv) {
        return new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8));
    }
}
