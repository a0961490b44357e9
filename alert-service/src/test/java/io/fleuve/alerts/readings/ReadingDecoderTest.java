package io.fleuve.alerts.readings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fleuve.alerts.readings.DecodedReading.Accepted;
import io.fleuve.alerts.readings.DecodedReading.Rejected;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadingDecoderTest {

    private static final Instant NOW = Instant.parse("2024-05-01T13:00:05Z");
    private static final long STAMP_MS = Instant.parse("2024-05-01T13:00:00Z").toEpochMilli();

    private final ReadingDecoder decoder =
            new ReadingDecoder(new ReadingLimits(-100, 100, Duration.ofDays(400), 1_000));

    @Test
    void readsTheContractAndIgnoresUnknownFields() {
        assertThat(
                        decode(
                                "dakar",
                                """
                                {"sensor":"dakar-1","region":"dakar","celsius":31.4,
                                 "observedAt":"2024-05-01T12:59:00Z","humidity":{"percent":70}}
                                """))
                .isEqualTo(
                        new Accepted(
                                new TemperatureReading(
                                        "dakar",
                                        "dakar-1",
                                        31.4,
                                        Instant.parse("2024-05-01T12:59:00Z"))));
    }

    @Test
    void readsAnObjectWithoutSensorAndTakesTheRegionFromTheKey() {
        assertThat(decode("dakar", "{\"celsius\":31,\"observedAt\":\"2024-05-01T12:59:00Z\"}"))
                .isEqualTo(
                        new Accepted(
                                new TemperatureReading(
                                        "dakar", null, 31, Instant.parse("2024-05-01T12:59:00Z"))));
    }

    @Test
    void readsABareIntegerAsAReadingOfTheDefaultRegionAtTheRecordsTime() {
        assertThat(decoder.decode(null, new byte[] {0, 0, 0, 27}, HeaderLookup.NONE, STAMP_MS, NOW))
                .isEqualTo(
                        new Accepted(
                                new TemperatureReading(
                                        "default", null, 27, Instant.ofEpochMilli(STAMP_MS))));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"fahrenheit\":86'",
        "'\"kelvin\":303.15'",
        "'\"value\":86,\"unit\":\"°F\"'",
        "'\"value\":30,\"unit\":\"Cel\"'",
    })
    void convertsUnits(String temperature) {
        String value =
                "{\"region\":\"dakar\","
                        + temperature
                        + ",\"observedAt\":\"2024-05-01T12:59:00Z\"}";
        assertThat(decode("dakar", value))
                .isInstanceOfSatisfying(
                        Accepted.class,
                        a -> assertThat(a.reading().celsius()).isCloseTo(30, within(1e-9)));
    }

    @Test
    void readsACloudEventInStructuredMode() {
        String event =
                """
                {"specversion":"1.0","id":"1","source":"/stations/7","type":"org.example.reading",
                 "time":"2024-05-01T14:59:00+02:00","subject":"dakar-1",
                 "data":{"region":"dakar","celsius":31.4}}
                """;
        assertThat(
                        decoder.decode(
                                bytes("dakar"),
                                bytes(event),
                                name ->
                                        name.equals("content-type")
                                                ? bytes(
                                                        "application/cloudevents+json; charset=UTF-8")
                                                : null,
                                STAMP_MS,
                                NOW))
                .isEqualTo(
                        new Accepted(
                                new TemperatureReading(
                                        "dakar",
                                        "dakar-1",
                                        31.4,
                                        Instant.parse("2024-05-01T12:59:00Z"))));
    }

    @Test
    void readsACloudEventInBinaryModeAndSaysWhatItLacks() {
        Map<String, byte[]> headers = new HashMap<>();
        headers.put("ce_specversion", bytes("1.0"));
        headers.put("ce_id", bytes("1"));
        headers.put("ce_source", bytes("/stations/7"));
        headers.put("ce_time", bytes("2024-05-01T12:59:00Z"));
        byte[] data = bytes("{\"region\":\"dakar\",\"celsius\":31.4}");
        assertThat(decoder.decode(null, data, headers::get, STAMP_MS, NOW))
                .isEqualTo(
                        new Rejected(
                                RejectionReason.MALFORMED, "the CloudEvent has no header ce_type"));
        headers.put("ce_type", bytes("org.example.reading"));
        assertThat(decoder.decode(null, data, headers::get, STAMP_MS, NOW))
                .isEqualTo(
                        new Accepted(
                                new TemperatureReading(
                                        "dakar",
                                        null,
                                        31.4,
                                        Instant.parse("2024-05-01T12:59:00Z"))));
    }

    @Test
    void readsANegativeBareInteger() {
        assertThat(
                        decoder.decode(
                                null,
                                new byte[] {-1, -1, -1, -5},
                                HeaderLookup.NONE,
                                STAMP_MS,
                                NOW))
                .isInstanceOfSatisfying(
                        Accepted.class, a -> assertThat(a.reading().celsius()).isEqualTo(-5));
    }

    @Test
    void refusesFourBytesThatHaveAKey() {
        assertThat(
                        decoder.decode(
                                bytes("dakar"),
                                new byte[] {0, 0, 0, 27},
                                HeaderLookup.NONE,
                                STAMP_MS,
                                NOW))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        r -> assertThat(r.reason()).isEqualTo(RejectionReason.MALFORMED));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "EMPTY         | ``",
                "MALFORMED     | hello world",
                "MALFORMED     | [1,2,3]",
                "MALFORMED     | {\"region\":\"dakar\"",
                "MISSING_FIELD | {\"region\":\"dakar\",\"observedAt\":\"2024-05-01T12:59:00Z\"}",
                "MISSING_FIELD | {\"region\":\"dakar\",\"celsius\":null,\"observedAt\":\"2024-05-01T12:59:00Z\"}",
                "MISSING_FIELD | {\"region\":\"dakar\",\"celsius\":31}",
                "MISSING_FIELD | {\"celsius\":31,\"observedAt\":\"2024-05-01T12:59:00Z\"}",
                "INVALID_FIELD | {\"region\":\"\",\"celsius\":31,\"observedAt\":\"2024-05-01T12:59:00Z\"}",
                "INVALID_FIELD | {\"region\":\"da\\u0000kar\",\"celsius\":31,\"observedAt\":\"2024-05-01T12:59:00Z\"}",
                "INVALID_FIELD | {\"region\":7,\"celsius\":31,\"observedAt\":\"2024-05-01T12:59:00Z\"}",
                "INVALID_FIELD | {\"region\":\"dakar\",\"celsius\":\"31\",\"observedAt\":\"2024-05-01T12:59:00Z\"}",
                "INVALID_FIELD | {\"region\":\"dakar\",\"celsius\":31,\"observedAt\":\"yesterday\"}",
                "INVALID_FIELD | {\"region\":\"dakar\",\"celsius\":31,\"observedAt\":1714568340}",
                "OUT_OF_RANGE  | {\"region\":\"dakar\",\"celsius\":3100,\"observedAt\":\"2024-05-01T12:59:00Z\"}",
                "TOO_FAR_AHEAD | {\"region\":\"dakar\",\"celsius\":31,\"observedAt\":\"2999-05-01T12:59:00Z\"}",
            })
    void saysWhyARecordIsNoReading(RejectionReason reason, @Nullable String value) {
        assertThat(decode(null, value == null ? "" : value))
                .isInstanceOfSatisfying(
                        Rejected.class, r -> assertThat(r.reason()).isEqualTo(reason));
    }

    @Test
    void refusesAKeyThatNamesAnotherRegionThanTheValue() {
        assertThat(
                        decode(
                                "thies",
                                "{\"region\":\"dakar\",\"celsius\":31,\"observedAt\":\"2024-05-01T12:59:00Z\"}"))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        r -> assertThat(r.reason()).isEqualTo(RejectionReason.KEY_MISMATCH));
    }

    @Test
    void refusesAValueThatIsTooLarge() {
        assertThat(decode("dakar", " ".repeat(1_001)))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        r -> assertThat(r.reason()).isEqualTo(RejectionReason.TOO_LARGE));
    }

    @Test
    void readsWhatTheEncoderWrites() {
        TemperatureReading reading =
                new TemperatureReading(
                        "thiès \"nord\"", "s-1", -3.25, Instant.parse("2024-05-01T00:00:00.5Z"));
        byte[] encoded = new ReadingEncoder().encode(reading);
        assertThat(decoder.decode(bytes(reading.region()), encoded, HeaderLookup.NONE, 0, NOW))
                .isEqualTo(new Accepted(reading));
    }

    private DecodedReading decode(@Nullable String key, String value) {
        return decoder.decode(
                key == null ? null : bytes(key), bytes(value), HeaderLookup.NONE, STAMP_MS, NOW);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
