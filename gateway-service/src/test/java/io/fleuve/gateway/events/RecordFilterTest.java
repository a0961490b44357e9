package io.fleuve.gateway.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fleuve.gateway.errors.RestException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFilterTest {

    private static final String VALUE =
            """
            {"region":"dakar","celsius":31.40,"at":"2024-05-01T13:00:00Z","ok":true,"none":null,
             "tags":["coast","city",7],"sensor":{"id":"d-1","odd name":"x","a.b":"y"},
             "list":[{"n":1},{"n":2}],"digits":"30"}""";

    private static TailRecord record(@Nullable String key, @Nullable String value) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("unit", bytes("celsius"));
        headers.add("unit", bytes("C"));
        headers.add("empty", null);
        return new TailRecord(
                new ConsumerRecord<>(
                        "t",
                        0,
                        0L,
                        0L,
                        TimestampType.CREATE_TIME,
                        -1,
                        -1,
                        key == null ? null : bytes(key),
                        value == null ? null : bytes(value),
                        headers,
                        Optional.empty()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean passes(String filter, @Nullable String value) {
        return RecordFilter.parse(null, null, List.of(), List.of(filter))
                .test(record("dakar", value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "region=dakar",
                "region == dakar",
                "region=\"dakar\"",
                "region!=thies",
                "celsius=31.4",
                "celsius>=31.4",
                "celsius>31.39",
                "celsius < 3.15e1",
                "celsius<=31.4",
                "at>=2024-05-01T13:00:00Z",
                "at<2024-05-02",
                "ok=true",
                "none=null",
                "missing!=1",
                "region contains aka",
                "tags contains coast",
                "tags contains 7",
                "tags[1]=city",
                "sensor.id=d-1",
                "$.sensor.id=d-1",
                "$[\"sensor\"][\"odd name\"]=x",
                "[\"sensor\"][\"a.b\"]=y",
                "list[1].n=2",
                "digits=\"30\"",
                "region > celsius"
            })
    void letsThroughWhatFulfilsTheCondition(String filter) {
        assertThat(passes(filter, VALUE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "region=thies",
                "region=Dakar",
                "celsius>31.4",
                "celsius<hot",
                "celsius contains 3",
                "ok=\"true\"",
                "none=1",
                "none!=null",
                "missing=1",
                "missing<1",
                "tags contains oast",
                "tags[9]=city",
                "sensor.id.deeper=1",
                "sensor=d-1",
                "list.n=1",
                "digits=30",
                "digits>=3",
                "region=$x"
            })
    void holdsBackWhatDoesNot(String filter) {
        assertThat(passes(filter, VALUE)).isFalse();
    }

    @Test
    void aValueThatIsNotJsonFulfilsNothing() {
        for (String value : new @Nullable String[] {null, "", "{", "plain text"}) {
            assertThat(passes("region=dakar", value)).isFalse();
            assertThat(passes("region!=dakar", value)).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "celsius ~ 3|expected one of = != < <= > >= contains at character 9",
                "celsius|expected one of = != < <= > >= contains at character 8",
                "celsius>|expected a value to compare with at character 9",
                "=3|expected the name of a field at character 1",
                "a..b=3|expected the name of a field at character 3",
                "a[x]=3|expected an index or a name in double quotes at character 3",
                "a[1=3|expected ] at character 4",
                "a[\"b=3|expected a name that ends with a double quote at character 3",
                "a=\"b|expected a string that ends with a double quote at character 3",
                "acontains b|expected one of = != < <= > >= contains at character 11"
            })
    void saysWhatItExpectedAndWhere(String filter, String message) {
        assertThatExceptionOfType(RestException.class)
                .isThrownBy(
                        () -> RecordFilter.parse(null, null, List.of(), List.of("ok=1", filter)))
                .satisfies(e -> assertThat(e.error().status()).isEqualTo(400))
                .withMessageContaining(message)
                .withMessageContaining("'" + filter + "'");
    }

    @Test
    void boundsTheNumberAndTheLengthOfConditions() {
        assertThatExceptionOfType(RestException.class)
                .isThrownBy(
                        () ->
                                RecordFilter.parse(
                                        null, null, List.of(), Collections.nCopies(17, "a=1")))
                .withMessageContaining("at most 16");
        assertThatExceptionOfType(RestException.class)
                .isThrownBy(
                        () ->
                                RecordFilter.parse(
                                        null, null, List.of(), List.of("a=" + "x".repeat(1000))))
                .withMessageContaining("longer than the allowed 1000 characters");
    }

    @Test
    void comparesKeysAndTheirBeginnings() {
        RecordFilter key = RecordFilter.parse("dakar", null, List.of(), List.of());
        assertThat(key.test(record("dakar", null))).isTrue();
        assertThat(key.test(record("dakar2", null))).isFalse();
        assertThat(key.test(record(null, null))).isFalse();
        RecordFilter prefix = RecordFilter.parse(null, "da", List.of(), List.of());
        assertThat(prefix.test(record("dakar", null))).isTrue();
        assertThat(prefix.test(record("d", null))).isFalse();
        assertThat(prefix.test(record(null, null))).isFalse();
    }

    @Test
    void looksForHeadersByNameAndValue() {
        assertThat(headerPasses("unit")).isTrue();
        assertThat(headerPasses("empty")).isTrue();
        assertThat(headerPasses("unit=C")).isTrue();
        assertThat(headerPasses("unit=celsius")).isTrue();
        assertThat(headerPasses("unit=F")).isFalse();
        assertThat(headerPasses("empty=")).isFalse();
        assertThat(headerPasses("other")).isFalse();
        assertThatExceptionOfType(RestException.class)
                .isThrownBy(() -> headerPasses("=C"))
                .withMessageContaining("name of a header");
    }

    private static boolean headerPasses(String header) {
        return RecordFilter.parse(null, null, List.of(header), List.of()).test(record("k", null));
    }

    @Test
    void allConditionsMustHold() {
        RecordFilter filter =
                RecordFilter.parse(
                        "dakar", "da", List.of("unit"), List.of("celsius>30", "celsius<32"));
        assertThat(filter.test(record("dakar", VALUE))).isTrue();
        assertThat(filter.test(record("dakar", "{\"celsius\":33}"))).isFalse();
        assertThat(filter.test(record("thies", VALUE))).isFalse();
    }
}
