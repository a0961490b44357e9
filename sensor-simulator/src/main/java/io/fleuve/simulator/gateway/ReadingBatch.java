package io.fleuve.simulator.gateway;

import io.fleuve.simulator.publish.Reading;
import io.fleuve.simulator.publish.ReadingJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Readings of one request, which is made once and repeated byte by byte under the same key.
 *
 * <pre>
 * {"atomic":true,"entries":[
 *   {"id":"0","key":{"type":"STRING","data":"dakar"},
 *    "value":{"type":"JSON","data":{"sensor":"dakar-1",…}},
 *    "timestamp":"2024-05-01T13:00:00Z","headers":[{"name":…,"value":base64}]}, …]}
 * </pre>
 *
 * @param key the Idempotency-Key
 * @param readings what it holds
 * @param body the request's body
 */
record ReadingBatch(String key, List<Reading> readings, byte[] body) {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    static ReadingBatch of(List<Reading> readings) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(readings.size() * 400);
        try (JsonGenerator json = MAPPER.createGenerator(body)) {
            json.writeStartObject();
            json.writeBooleanProperty("atomic", true);
            json.writeArrayPropertyStart("entries");
            for (int i = 0; i < readings.size(); i++) {
                write(json, Integer.toString(i), readings.get(i));
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return new ReadingBatch(
                UUID.randomUUID().toString(), List.copyOf(readings), body.toByteArray());
    }

    private static void write(JsonGenerator json, String id, Reading reading) {
        json.writeStartObject();
        json.writeStringProperty("id", id);
        json.writeObjectPropertyStart("key");
        json.writeStringProperty("type", "STRING");
        json.writeStringProperty("data", reading.region());
        json.writeEndObject();
        json.writeObjectPropertyStart("value");
        json.writeStringProperty("type", "JSON");
        json.writeName("data");
        json.writeRawValue(new String(ReadingJson.encode(reading), StandardCharsets.UTF_8));
        json.writeEndObject();
        json.writeStringProperty(
                "timestamp", reading.observedAt().truncatedTo(ChronoUnit.MILLIS).toString());
        if (!reading.headers().isEmpty()) {
            writeHeaders(json, reading.headers());
        }
        json.writeEndObject();
    }

    private static void writeHeaders(JsonGenerator json, Map<String, String> headers) {
        json.writeArrayPropertyStart("headers");
        headers.forEach(
                (name, value) -> {
                    json.writeStartObject();
                    json.writeStringProperty("name", name);
                    json.writeStringProperty(
                            "value",
                            Base64.getEncoder()
                                    .encodeToString(value.getBytes(StandardCharsets.UTF_8)));
                    json.writeEndObject();
                });
        json.writeEndArray();
    }
}
