package io.fleuve.alerts.readings;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.alerts.readings.DecodedReading.Accepted;
import io.fleuve.alerts.readings.DecodedReading.Rejected;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
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
        assertThat(decoder.decode(null, new byte[] {0, 0, 0, 27}, STAMP_MS, NOW))
                .isEqualTo(
                        new Accepted(
                                new TemperatureReading(
                                        "default", null, 27, Instant.ofEpochMilli(STAMP_MS))));
    }

    @Test
    void readsANegativeBareInteger() {
        assertThat(decoder.decode(null, new byte[] {-1, -1, -1, -5}, STAMP_MS, NOW))
                .isInstanceOfSatisfying(
                        Accepted.class, a -> assertThat(a.reading().celsius()).isEqualTo(-5));
    }

    @Test
    void refusesFourBytesThatHaveAKey() {
        assertThat(decoder.decode(bytes("dakar"), new byte[] {0, 0, 0, 27}, STAMP_MS, NOW))
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
        assertThat(decoder.decode(bytes(reading.region()), encoded, 0, NOW))
                .isEqualTo(new Accepted(reading));
    }

    private DecodedReading decode(@Nullable String key, String value) {
        return decoder.decode(key == null ? null : bytes(key), bytes(value), STAMP_MS, NOW);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
