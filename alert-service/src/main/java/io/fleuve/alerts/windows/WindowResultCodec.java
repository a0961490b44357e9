package io.fleuve.alerts.windows;

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
 * {"region","windowStart","windowEnd","count","average","min","max"}} with ISO-8601 instants, then
 * {@code "aggregation"}, {@code "sensor"} if there is one, {@code "standardDeviation"}, {@code
 * "changePerHour"}, {@code "p50"} to {@code "p99"} and {@code "revision"}. Figures that are not
 * defined are left out. A record that stops after {@code "max"} is a final result of the service's
 * own windows.
 *
 * <p>The bytes are a function of the result alone, so that a record that is written again after a
 * crash is the same record.
 */
public final class WindowResultCodec {

    private final JsonMapper json = JsonMapper.builder().build();

    /** The result as JSON in UTF-8. */
    public byte[] encode(WindowResult result) {
        ObjectNode object = json.createObjectNode();
        object.put("region", result.region());
        object.put("windowStart", result.windowStart().toString());
        object.put("windowEnd", result.windowEnd().toString());
        object.put("count", result.count());
        object.put("average", result.average());
        object.put("min", result.min());
        object.put("max", result.max());
        object.put("aggregation", result.aggregation());
        if (result.sensor() != null) {
            object.put("sensor", result.sensor());
        }
        putDefined(object, "standardDeviation", result.standardDeviation());
        putDefined(object, "changePerHour", result.changePerHour());
        putDefined(object, "p50", result.p50());
        putDefined(object, "p90", result.p90());
        putDefined(object, "p95", result.p95());
        putDefined(object, "p99", result.p99());
        object.put("revision", result.revision());
        return json.writeValueAsBytes(object);
    }

    /** The result, or nothing if the bytes are not one. */
    public Optional<WindowResult> decode(byte @Nullable [] value) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            JsonNode object = json.readTree(value);
            if (!object.path("average").isNumber() || !object.path("count").isIntegralNumber()) {
                return Optional.empty();
            }
            double average = object.path("average").doubleValue();
            JsonNode sensor = object.path("sensor");
            return Optional.of(
                    new WindowResult(
                            object.path("aggregation").asString(Aggregation.DEFAULT_ID),
                            object.path("region").asString(""),
                            sensor.isString() ? sensor.stringValue() : null,
                            Instant.parse(object.path("windowStart").asString("")),
                            Instant.parse(object.path("windowEnd").asString("")),
                            object.path("count").longValue(),
                            average,
                            object.path("min").asDouble(average),
                            object.path("max").asDouble(average),
                            object.path("standardDeviation").asDouble(Double.NaN),
                            object.path("changePerHour").asDouble(Double.NaN),
                            object.path("p50").asDouble(Double.NaN),
                            object.path("p90").asDouble(Double.NaN),
                            object.path("p95").asDouble(Double.NaN),
                            object.path("p99").asDouble(Double.NaN),
                            object.path("revision").asInt(0)));
        } catch (JacksonException | DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static void putDefined(ObjectNode object, String name, double value) {
        if (Double.isFinite(value)) {
            object.put(name, value);
        }
    }
}
