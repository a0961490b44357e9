package io.fleuve.gateway.v3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.EmbeddedFormat;
import io.fleuve.gateway.format.LosslessJson;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordRequestTest {

    private static RecordRequest parse(String json) {
        return RecordRequest.parse("t", LosslessJson.read(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsEverythingThatARecordCanHave() {
        RecordRequest request =
                parse(
                        """
                        {"partition_id":3,"timestamp":"2024-05-01T13:00:00Z",
                         "headers":[{"name":"a","value":"AQI="},{"name":"a"},{"name":"b","value":null}],
                         "key":{"type":"BINARY","data":"a2V5"},"value":{"type":"STRING","data":"é"}}""");
        ProducerRecord<byte[], byte[]> record = request.record();
        assertThat(record.partition()).isEqualTo(3);
        assertThat(record.timestamp()).isEqualTo(1714568400000L);
        assertThat(record.key()).isEqualTo("key".getBytes(StandardCharsets.UTF_8));
        assertThat(record.value()).isEqualTo("é".getBytes(StandardCharsets.UTF_8));
        assertThat(record.headers().toArray()).hasSize(3);
        assertThat(record.headers().toArray()[0].value()).isEqualTo(new byte[] {1, 2});
        assertThat(record.headers().toArray()[1].value()).isNull();
        assertThat(request.keyFormat()).isEqualTo(EmbeddedFormat.BINARY);
        assertThat(request.valueFormat()).isEqualTo(EmbeddedFormat.STRING);
    }

    @Test
    void takesAnAbsentValueAndNullDataForATombstone() {
        assertThat(parse("{}").record().value()).isNull();
        assertThat(parse("{}").valueFormat()).isNull();
        assertThat(parse("{\"value\":null}").valueFormat()).isNull();
        RecordRequest typed = parse("{\"value\":{\"type\":\"JSON\",\"data\":null}}");
        assertThat(typed.record().value()).isNull();
        assertThat(typed.valueFormat()).isEqualTo(EmbeddedFormat.JSON);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{\"partition_id\":-1}|40402|Partition not found.",
                "{\"value\":{\"data\":1}}|42206|Payload error. Schema Registry must be configured when using schemas.",
                "{\"key\":{\"type\":\"AVRO\",\"data\":1}}|42206|Payload error. Schema Registry must be configured when using schemas.",
                "{\"value\":{\"type\":\"XML\",\"data\":1}}|400|Bad Request: value.type must be one of BINARY, JSON, STRING, but is XML.",
                "{\"value\":{\"type\":\"JSON\"}}|400|Bad Request: value.data is required; null makes it empty.",
                "{\"value\":{\"type\":\"JSON\",\"data\":1,\"schema_id\":1}}|400|Bad Request: 'type=JSON' cannot be used with 'schema_id'.",
                "{\"value\":3}|400|Bad Request: value must be an object, but is the number 3.",
                "{\"id\":\"x\"}|400|Bad Request: Unrecognized field \"id\" in record."
            })
    void refusesWithConfluentsCodes(String json, int code, String message) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOfSatisfying(
                        RestException.class,
                        e -> {
                            assertThat(e.error().errorCode()).isEqualTo(code);
                            assertThat(e.error().message()).isEqualTo(message);
                        });
    }

    @Test
    void foldsPayloadCodesIntoTheMessageInsideAStream() {
        RestError error = RestError.invalidPayload("No.").insideStream();
        assertThat(error.errorCode()).isEqualTo(422);
        assertThat(error.message()).isEqualTo("Error: 42206 : Payload error. No.");
        assertThat(RestError.topicNotFound().insideStream()).isEqualTo(RestError.topicNotFound());
    }
}
