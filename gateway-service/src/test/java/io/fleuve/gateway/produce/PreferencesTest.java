package io.fleuve.gateway.produce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferencesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "handling=strict|true",
                "respond-async, handling=strict|true",
                "Handling = \"strict\"|true",
                "handling=strict; x=1|true",
                "handling=lenient|false",
                "handling=lenient, handling=strict|false",
                "handling|false",
                "strict|false"
            })
    void readsPreferFields(String value, boolean strict) {
        assertThat(Preferences.strict(List.of(value))).isEqualTo(strict);
    }
}
