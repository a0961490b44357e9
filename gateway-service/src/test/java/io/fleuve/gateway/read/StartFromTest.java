package io.fleuve.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fleuve.gateway.errors.RestException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartFromTest {

    @Test
    void readsEveryWayToSayIt() {
        assertThat(StartFrom.parse("end")).isEqualTo(new StartFrom.End());
        assertThat(StartFrom.parse("latest")).isEqualTo(new StartFrom.End());
        assertThat(StartFrom.parse("start")).isEqualTo(new StartFrom.Beginning());
        assertThat(StartFrom.parse("earliest")).isEqualTo(new StartFrom.Beginning());
        assertThat(StartFrom.parse("-100")).isEqualTo(new StartFrom.BeforeEnd(100));
        assertThat(StartFrom.parse("1714568400000"))
                .isEqualTo(new StartFrom.AtTime(1714568400000L));
        assertThat(StartFrom.parse("2024-05-01T13:00:00Z"))
                .isEqualTo(new StartFrom.AtTime(1714568400000L));
        assertThat(StartFrom.parse("2024-05-01T15:00:00+02:00"))
                .isEqualTo(new StartFrom.AtTime(1714568400000L));
        assertThat(StartFrom.parse("0:41,12:-5"))
                .isEqualTo(new StartFrom.AtOffsets(Map.of(0, 41L, 12, -5L)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "0:",
                ":1",
                "0:1,",
                "0:1;1:2",
                "1,2",
                "1969-12-31T23:59:59Z",
                "2024-05-01",
                "99999999999999999999",
                "0:1,0:2"
            })
    void refusesAnythingElseByTheNameOfTheParameter(String from) {
        assertThatExceptionOfType(RestException.class)
                .isThrownBy(() -> StartFrom.parse(from))
                .withMessageContaining("parameter from");
    }
}
