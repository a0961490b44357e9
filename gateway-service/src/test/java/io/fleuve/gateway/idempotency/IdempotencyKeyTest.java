package io.fleuve.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleuve.gateway.errors.RestException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

    @Test
    void readsAStringOfRfc8941() {
        assertThat(IdempotencyKey.parse(List.of("\"a \\\"b\\\" \\\\c\""))).isEqualTo("a \"b\" \\c");
    }

    @Test
    void readsTheSameWithoutQuotes() {
        String key = "8e03978e-40d5-43dd-bc93-6894a57f9324";
        assertThat(IdempotencyKey.parse(List.of(key))).isEqualTo(key);
        assertThat(IdempotencyKey.parse(List.of("\"" + key + "\""))).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\"\"",
                "\"open",
                "a b",
                "\"a\\n\"",
                "é",
                "a,b",
                "\"a\";p=1",
                "\"a\"\"b\""
            })
    void refusesWhatIsNoKey(String value) {
        assertThatThrownBy(() -> IdempotencyKey.parse(List.of(value)))
                .isInstanceOfSatisfying(
                        RestException.class,
                        e -> {
                            assertThat(e.error().status()).isEqualTo(400);
                            assertThat(e.error().errorCode())
                                    .isEqualTo(IdempotencyErrors.MALFORMED_KEY);
                        });
    }

    @Test
    void refusesTwoKeysAndOneThatIsTooLong() {
        assertThatThrownBy(() -> IdempotencyKey.parse(List.of("a", "a")))
                .isInstanceOf(RestException.class);
        assertThatThrownBy(() -> IdempotencyKey.parse(List.of("a".repeat(256))))
                .isInstanceOf(RestException.class);
        assertThat(IdempotencyKey.parse(List.of("a".repeat(255)))).hasSize(255);
    }
}
