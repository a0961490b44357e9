package io.fleuve.alerts.readings;

import io.fleuve.alerts.readings.DecodedReading.Accepted;
import io.fleuve.alerts.readings.DecodedReading.Rejected;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Decodes the records of {@code temperature-data}.
 *
 * <p>Two forms are read. A JSON object {@code
 * {"sensor":"dakar-1","region":"dakar","celsius":31.4,"observedAt":"2024-05-01T13:00:00Z"}} is the
 * contract; unknown fields are ignored, {@code sensor} may be missing, and {@code region} may be
 * missing where the key gives it. A value of exactly four bytes without a key is a big-endian
 * integer of the region {@value TemperatureReading#DEFAULT_REGION}, observed when the record was
 * stamped.
 */
public final class ReadingDecoder {

    private final ReadingLimits limits;
    private final JsonMapper json = JsonMapper.builder().build();

    public ReadingDecoder(ReadingLimits limits) {
        this.limits = limits;
    }

    /**
     * Decodes one record.
     *
     * @param timestampMs the record's timestamp, in milliseconds since the epoch
     * @param now the wall clock, against which times too far ahead are refused
     */
    public DecodedReading decode(
            byte @Nullable [] key, byte @Nullable [] value, long timestampMs, Instant now) {
        if (value == null || value.length == 0) {
            return new Rejected(RejectionReason.EMPTY, "the record has no value");
        }
        if (value.length > limits.maxValueBytes()) {
            return new Rejected(
                    RejectionReason.TOO_LARGE,
                    "the value has %d bytes, a reading has at most %d"
                            .formatted(value.length, limits.maxValueBytes()));
        }
        if (key == null && value.length == Integer.BYTES) {
            return checked(
                    new TemperatureReading(
                            TemperatureReading.DEFAULT_REGION,
                            null,
                            ByteBuffer.wrap(value).getInt(),
                            Instant.ofEpochMilli(timestampMs)),
                    now);
        }
        JsonNode tree;
        try {
            tree = json.readTree(value);
        } catch (JacksonException e) {
            return new Rejected(
                    RejectionReason.MALFORMED,
                    "the value is neither JSON nor a four-byte integer without key");
        }
        if (!tree.isObject()) {
            return new Rejected(RejectionReason.MALFORMED, "the value is not a JSON object");
        }
        return fromObject(key, tree, now);
    }

    private DecodedReading fromObject(byte @Nullable [] key, JsonNode object, Instant now) {
        String keyRegion = key == null ? null : new String(key, StandardCharsets.UTF_8);
        JsonNode regionNode = object.path("region");
        if (isAbsent(regionNode) && keyRegion == null) {
            return missing("region");
        }
        if (!isAbsent(regionNode) && !regionNode.isString()) {
            return invalid("region", "must be a string");
        }
        String region = isAbsent(regionNode) ? keyRegion : regionNode.stringValue();
        if (region == null || !RegionName.isUsable(region)) {
            return invalid(
                    "region",
                    "must have 1 to %d characters and no control characters"
                            .formatted(RegionName.MAX_LENGTH));
        }
        if (keyRegion != null && !keyRegion.equals(region)) {
            return new Rejected(
                    RejectionReason.KEY_MISMATCH,
                    "the record's key and the field region name different regions");
        }
        JsonNode celsius = object.path("celsius");
        if (isAbsent(celsius)) {
            return missing("celsius");
        }
        if (!celsius.isNumber()) {
            return invalid("celsius", "must be a number");
        }
        JsonNode observedAt = object.path("observedAt");
        if (isAbsent(observedAt)) {
            return missing("observedAt");
        }
        if (!observedAt.isString()) {
            return invalid("observedAt", "must be an ISO-8601 instant in a string");
        }
        try {
            return checked(
                    new TemperatureReading(
                            region,
                            sensorOf(object.path("sensor")),
                            celsius.doubleValue(),
                            Instant.parse(observedAt.stringValue())),
                    now);
        } catch (DateTimeException e) {
            return invalid(
                    "observedAt", "must be an ISO-8601 instant such as 2024-05-01T13:00:00Z");
        }
    }

    private DecodedReading checked(TemperatureReading reading, Instant now) {
        double celsius = reading.celsius();
        // Written so that NaN is refused, too.
        if (!(celsius >= limits.minCelsius() && celsius <= limits.maxCelsius())) {
            return new Rejected(
                    RejectionReason.OUT_OF_RANGE,
                    "celsius must be between %s and %s"
                            .formatted(limits.minCelsius(), limits.maxCelsius()));
        }
        if (reading.observedAt().isBefore(Instant.EPOCH)) {
            return invalid("observedAt", "must not lie before 1970");
        }
        if (reading.observedAt().isAfter(now.plus(limits.maxAhead()))) {
            return new Rejected(
                    RejectionReason.TOO_FAR_AHEAD,
                    "observedAt lies more than %s ahead".formatted(limits.maxAhead()));
        }
        return new Accepted(reading);
    }

    private static @Nullable String sensorOf(JsonNode sensor) {
        return sensor.isString() && sensor.stringValue().length() <= RegionName.MAX_LENGTH
                ? sensor.stringValue()
                : null;
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static Rejected missing(String field) {
        return new Rejected(RejectionReason.MISSING_FIELD, "the field " + field + " is missing");
    }

    private static Rejected invalid(String field, String rule) {
        return new Rejected(RejectionReason.INVALID_FIELD, "the field " + field + " " + rule);
    }
}
