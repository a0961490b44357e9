package io.fleuve.alerts.readings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionAverageCodecTest {

    private final RegionAverageCodec codec = new RegionAverageCodec();
    private final RegionAverage average =
            new RegionAverage(
                    "dakar",
                    Instant.parse("2024-05-01T12:00:00Z"),
                    Instant.parse("2024-05-01T13:00:00Z"),
                    3,
                    31.5,
                    30,
                    33);

    @Test
    void writesTheFieldsOfTheContract() {
        assertThat(new String(codec.encode(average), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"region\":\"dakar\",\"windowStart\":\"2024-05-01T12:00:00Z\","
                                + "\"windowEnd\":\"2024-05-01T13:00:00Z\",\"count\":3,"
                                + "\"average\":31.5,\"min\":30.0,\"max\":33.0}");
    }

    @Test
    void readsWhatItWrites() {
        assertThat(codec.decode(codec.encode(average))).contains(average);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "{\"region\":\"da\\u0000kar\",\"windowStart\":\"2024-05-01T12:00:00Z\","
                        + "\"windowEnd\":\"2024-05-01T13:00:00Z\",\"count\":1,\"average\":3}",
                "{\"region\":\"dakar\",\"windowStart\":\"+500000-05-01T12:00:00Z\","
                        + "\"windowEnd\":\"+500000-05-01T13:00:00Z\",\"count\":1,\"average\":3}",
                "{}",
                "{\"region\":\"dakar\",\"windowStart\":\"x\",\"windowEnd\":\"y\",\"count\":1,\"average\":3}",
                "{\"region\":\"dakar\",\"windowStart\":\"2024-05-01T13:00:00Z\","
                        + "\"windowEnd\":\"2024-05-01T12:00:00Z\",\"count\":1,\"average\":3}",
            })
    void findsNoAverageInOtherBytes(String value) {
        assertThat(codec.decode(value.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }
}
