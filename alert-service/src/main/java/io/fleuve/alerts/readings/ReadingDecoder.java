package io.fleuve.alerts.readings;

import io.fleuve.alerts.readings.DecodedReading.Accepted;
import io.fleuve.alerts.readings.DecodedReading.Rejected;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Decodes the records of {@code temperature-data}.
 *
 * <p>Three forms are read. A JSON object {@code
 * {"sensor":"dakar-1","region":"dakar","celsius":31.4,"observedAt":"2024-05-01T13:00:00Z"}} is the
 * contract; unknown fields are ignored, {@code sensor} may be missing, and {@code region} may be
 * missing where the key gives it. Instead of {@code celsius} there may be {@code fahrenheit},
 * {@code kelvin}, or {@code value} with {@code unit}. A CloudEvent in structured or binary mode has
 * such an object as its data; its {@code time} stands for a missing {@code observedAt}, its {@code
 * subject} for a missing {@code sensor}. A value of exactly four bytes without a key is a
 * big-endian integer of the region {@value TemperatureReading#DEFAULT_REGION}, observed when the
 * record was stamped.
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
            byte @Nullable [] key,
            byte @Nullable [] value,
            HeaderLookup headers,
            long timestampMs,
            Instant now) {
        if (value == null || value.length == 0) {
            return new Rejected(RejectionReason.EMPTY, "the record has no value");
        }
        if (value.length > limits.maxValueBytes()) {
            return new Rejected(
                    RejectionReason.TOO_LARGE,
                    "the value has %d bytes, a reading has at most %d"
                            .formatted(value.length, limits.maxValueBytes()));
        }
        return switch (CloudEvent.of(headers, value, json)) {
            case CloudEvent.Event event -> fromObject(key, event, now);
            case CloudEvent.Broken(String detail) ->
                    new Rejected(RejectionReason.MALFORMED, detail);
            case CloudEvent.None() -> plain(key, value, timestampMs, now);
        };
    }

    private DecodedReading plain(
            byte @Nullable [] key, byte[] value, long timestampMs, Instant now) {
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
        return fromObject(key, new CloudEvent.Event(tree, null, null), now);
    }

    private DecodedReading fromObject(byte @Nullable [] key, CloudEvent.Event event, Instant now) {
        JsonNode object = event.data();
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
        return switch (temperatureOf(object)) {
            case Temperature.Unusable(Rejected why) -> why;
            case Temperature.Known(double celsius) -> observed(region, celsius, event, now);
        };
    }

    /** The temperature of a reading, if it has one. */
    private sealed interface Temperature {
        record Known(double celsius) implements Temperature {}

        record Unusable(Rejected why) implements Temperature {}
    }

    private static Temperature temperatureOf(JsonNode object) {
        for (TemperatureUnit unit : TemperatureUnit.values()) {
            JsonNode given = object.path(unit.field());
            if (!isAbsent(given)) {
                return temperature(unit.field(), given, unit);
            }
        }
        JsonNode value = object.path("value");
        if (isAbsent(value)) {
            return new Temperature.Unusable(missing("celsius"));
        }
        JsonNode unitName = object.path("unit");
        if (isAbsent(unitName)) {
            return new Temperature.Unusable(missing("unit"));
        }
        Optional<TemperatureUnit> unit = TemperatureUnit.ofName(unitName.asString(""));
        return unit.isPresent()
                ? temperature("value", value, unit.get())
                : new Temperature.Unusable(invalid("unit", "must be °C, °F or K"));
    }

    private static Temperature temperature(String field, JsonNode given, TemperatureUnit unit) {
        return given.isNumber()
                ? new Temperature.Known(unit.toCelsius(given.doubleValue()))
                : new Temperature.Unusable(invalid(field, "must be a number"));
    }

    private DecodedReading observed(
            String region, double celsius, CloudEvent.Event event, Instant now) {
        JsonNode object = event.data();
        JsonNode observedAt = object.path("observedAt");
        if (isAbsent(observedAt) && event.time() == null) {
            return missing("observedAt");
        }
        if (!isAbsent(observedAt) && !observedAt.isString()) {
            return invalid("observedAt", "must be an ISO-8601 instant in a string");
        }
        String time = isAbsent(observedAt) ? event.time() : observedAt.stringValue();
        String sensor = sensorOf(object.path("sensor"));
        try {
            return checked(
                    new TemperatureReading(
                            region,
                            sensor == null ? usableSensor(event.subject()) : sensor,
                            celsius,
                            OffsetDateTime.parse(Objects.requireNonNull(time)).toInstant()),
                    now);
        } catch (DateTimeException e) {
            return invalid(
                    "observedAt", "must be an ISO-8601 instant such as 2024-05-01T13:00:00Z");
        }
    }

    /**
     * Checks a reading that was decoded, for instance after a calibration.
     *
     * @param now the wall clock
     */
    public DecodedReading checked(TemperatureReading reading, Instant now) {
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
        return sensor.isString() ? usableSensor(sensor.stringValue()) : null;
    }

    /** A name that cannot be kept is as good as none. */
    private static @Nullable String usableSensor(@Nullable String sensor) {
        return sensor != null && RegionName.isUsable(sensor) ? sensor : null;
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
