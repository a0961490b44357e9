package io.fleuve.alerts.readings;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes a reading in the JSON form that {@link ReadingDecoder} reads. */
public final class ReadingEncoder {

    private final JsonMapper json = JsonMapper.builder().build();

    /** The reading as JSON in UTF-8. */
    public byte[] encode(TemperatureReading reading) {
        ObjectNode object = json.createObjectNode();
        if (reading.sensor() != null) {
            object.put("sensor", reading.sensor());
        }
        object.put("region", reading.region());
        object.put("celsius", reading.celsius());
        object.put("observedAt", reading.observedAt().toString());
        return json.writeValueAsBytes(object);
    }
}
