package io.fleuve.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFieldsTest {

    private static JsonFields fields(String json) {
        return JsonFields.of(
                LosslessJson.read(json.getBytes(StandardCharsets.UTF_8)),
                "record",
                Set.of("n", "s", "b", "t", "a", "headers"));
    }

    @Test
    void givesWhatIsThereAndNullForWhatIsNot() {
        JsonFields fields = fields("{\"n\":7,\"s\":\"x\",\"b\":true,\"a\":[1,2]}");
        assertThat(fields.integer("n")).isEqualTo(7);
        assertThat(fields.string("s")).isEqualTo("x");
        assertThat(fields.bool("b")).isTrue();
        assertThat(fields.array("a")).hasSize(2);
        assertThat(fields("{\"n\":null}").integer("n")).isNull();
        assertThat(fields("{}").string("s")).isNull();
        assertThat(fields("{}").array("a")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{\"n\":1.5}|record.n must be a 32-bit integer, but is the number 1.5.",
                "{\"n\":3000000000}|record.n must be a 32-bit integer, but is the number 3000000000.",
                "{\"n\":\"1\"}|record.n must be a 32-bit integer, but is a string.",
                "{\"s\":1}|record.s must be a string, but is the number 1.",
                "{\"b\":\"yes\"}|record.b must be true or false, but is a string.",
                "{\"a\":{}}|record.a must be an array, but is an object.",
                "{\"x\":1}|Unrecognized field \"x\" in record.",
                "[]|record must be an object, but is an array."
            })
    void refusesWithTheNameOfTheMemberAtFault(String json, String message) {
        assertThatThrownBy(
                        () -> {
                            JsonFields fields = fields(json);
                            fields.integer("n");
                            fields.string("s");
                            fields.bool("b");
                            fields.array("a");
                        })
                .hasMessage("Bad Request: " + message);
    }

    @ParameterizedTest
    @CsvSource({
        "1970-01-01T00:00:00Z, 0",
        "2024-05-01T13:00:00.123Z, 1714568400123",
        "2024-05-01T15:00:00.123+02:00, 1714568400123"
    })
    void readsRfc3339Times(String text, long millis) {
        assertThat(fields("{\"t\":\"" + text + "\"}").timestamp("t")).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({"yesterday", "2024-05-01", "1969-12-31T23:59:59Z", "+999999999-12-31T23:59:59Z"})
    void refusesOtherTimes(String text) {
        assertThatThrownBy(() -> fields("{\"t\":\"" + text + "\"}").timestamp("t"))
                .hasMessageContaining("record.t")
                .hasMessageContaining(text);
    }

    @Test
    void refusesHeadersWithoutNameOrWithBadBase64() {
        assertThatThrownBy(
                        () -> fields("{\"headers\":[{\"value\":\"\"}]}").headers("headers", "name"))
                .hasMessageContaining("without \"name\"");
        assertThatThrownBy(
                        () ->
                                fields("{\"headers\":[{\"name\":\"h\",\"value\":\"***\"}]}")
                                        .headers("headers", "name"))
                .hasMessageContaining("not a valid base64");
    }
}
