package io.fleuve.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleuve.gateway.errors.RestException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class EmbeddedFormatTest {

    private static JsonNode json(String text) {
        return LosslessJson.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.10",
                "1.0",
                "12345678901234567890123456789",
                "0.1234567890123456789012345",
                "{\"b\":1,\"a\":[true,null,\"é\"]}",
                "\"\"",
                "false",
                "[]"
            })
    void jsonKeepsDigitsAndOrder(String text) {
        byte[] bytes = EmbeddedFormat.JSON.encode(json(" " + text + " "));
        assertThat(bytes).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        assertThat(EmbeddedFormat.JSON.decode(bytes)).isEqualTo(new Decoded.Value(json(text)));
    }

    @Test
    void nullIsATombstoneInEveryFormat() {
        for (EmbeddedFormat format : EmbeddedFormat.values()) {
            assertThat(format.encode(json("null"))).isNull();
            assertThat(format.decode(null))
                    .isEqualTo(new Decoded.Value(JsonNodeFactory.instance.nullNode()));
        }
    }

    @Test
    void binaryGivesBackAnyBytes() {
        Random random = new Random(42);
        for (int i = 0; i < 100; i++) {
            byte[] bytes = new byte[i];
            random.nextBytes(bytes);
            Decoded decoded = EmbeddedFormat.BINARY.decode(bytes);
            assertThat(decoded).isInstanceOf(Decoded.Value.class);
            assertThat(EmbeddedFormat.BINARY.encode(((Decoded.Value) decoded).json()))
                    .isEqualTo(bytes);
        }
    }

    @Test
    void refusesDataOfAnotherKind() {
        assertThatThrownBy(() -> EmbeddedFormat.STRING.encode(json("7")))
                .isInstanceOf(RestException.class)
                .hasMessage("Bad Request: data=7 is not a string.");
        assertThatThrownBy(() -> EmbeddedFormat.BINARY.encode(json("{}")))
                .hasMessage("Bad Request: data={} is not a base64 string.");
        assertThatThrownBy(() -> EmbeddedFormat.BINARY.encode(json("\"a b\"")))
                .hasMessage("Bad Request: data=\"a b\" is not a valid base64 string.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "1 2", "nul", "{\"a\":}", "\u0000"})
    void explainsBytesThatAreNotJson(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(EmbeddedFormat.JSON.decode(bytes))
                .isInstanceOfSatisfying(
                        Decoded.Undecodable.class,
                        undecodable -> {
                            assertThat(undecodable.reason()).startsWith("not JSON");
                            assertThat(undecodable.size()).isEqualTo(bytes.length);
                            assertThat(java.util.Base64.getDecoder().decode(undecodable.base64()))
                                    .isEqualTo(bytes);
                        });
    }

    @Test
    void explainsBytesThatAreNotText() {
        assertThat(EmbeddedFormat.STRING.decode(new byte[] {'a', (byte) 0xc3}))
                .isEqualTo(new Decoded.Undecodable("not UTF-8 text", 2, "YcM="));
    }

    @Test
    void survivesJsonThatIsNestedTooDeeply() {
        byte[] deep = "[".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        assertThat(EmbeddedFormat.JSON.decode(deep)).isInstanceOf(Decoded.Undecodable.class);
    }
}
