package io.fleuve.alerts.readings;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes the values of {@code temperature-averages}: {@code
 * {"region","windowStart","windowEnd","count","average","min","max"}} with ISO-8601 instants.
 *
 * <p>The bytes are a function of the average alone, so that a record that is written again after a
 * crash is the same record.
 */
public final class RegionAverageCodec {

    private final JsonMapper json = JsonMapper.builder().build();

    /** The average as JSON in UTF-8. */
    public byte[] encode(RegionAverage average) {
        ObjectNode object = json.createObjectNode();
        object.put("region", average.region());
        object.put("windowStart", average.windowStart().toString());
        object.put("windowEnd", average.windowEnd().toString());
        object.put("count", average.count());
        object.put("average", average.average());
        object.put("min", average.min());
        object.put("max", average.max());
        return json.writeValueAsBytes(object);
    }

    /** The average, or nothing if the bytes are not one. */
    public Optional<RegionAverage> decode(byte @Nullable [] value) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            JsonNode object = json.readTree(value);
            if (!object.path("average").isNumber() || !object.path("count").isIntegralNumber()) {
                return Optional.empty();
            }
            double average = object.path("average").doubleValue();
            return Optional.of(
                    new RegionAverage(
                            object.path("region").asString(""),
                            Instant.parse(object.path("windowStart").asString("")),
                            Instant.parse(object.path("windowEnd").asString("")),
                            object.path("count").longValue(),
                            average,
                            object.path("min").asDouble(average),
                            object.path("max").asDouble(average)));
        } catch (JacksonException | DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
