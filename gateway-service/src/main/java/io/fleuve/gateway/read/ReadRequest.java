package io.fleuve.gateway.read;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.EmbeddedFormat;
import io.fleuve.gateway.kafka.PartitionReader.Query;
import io.fleuve.gateway.kafka.PartitionReader.Start;
import io.fleuve.gateway.kafka.ReadLimits;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Locale;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The parameters of a read as they came in the query, and what they mean. */
record ReadRequest(
        @Nullable String offset,
        @Nullable String timestamp,
        @Nullable String maxRecords,
        @Nullable String maxBytes,
        @Nullable String timeout,
        @Nullable String format,
        @Nullable String keyFormat) {

    /**
     * The question to put to the partition.
     *
     * @throws RestException 400 naming the parameter at fault
     */
    Query toQuery(TopicPartition partition, ReadLimits limits) {
        return new Query(
                partition,
                start(),
                Math.toIntExact(
                        bounded(
                                "max_records",
                                maxRecords,
                                limits.defaultRecords(),
                                1,
                                limits.maxRecords())),
                Math.toIntExact(
                        bounded(
                                "max_bytes",
                                maxBytes,
                                limits.defaultSize().toBytes(),
                                1,
                                limits.maxSize().toBytes())),
                Duration.ofMillis(
                        bounded("timeout", timeout, 0, 0, limits.maxTimeout().toMillis())));
    }

    /** The formats asked for: values are JSON and keys strings, unless it was said otherwise. */
    Formats formats() {
        return new Formats(
                format("key_format", keyFormat, EmbeddedFormat.STRING),
                format("format", format, EmbeddedFormat.JSON));
    }

    private static EmbeddedFormat format(
            String name, @Nullable String given, EmbeddedFormat otherwise) {
        if (given == null) {
            return otherwise;
        }
        return switch (given.toLowerCase(Locale.ROOT)) {
            case "json" -> EmbeddedFormat.JSON;
            case "string" -> EmbeddedFormat.STRING;
            case "binary" -> EmbeddedFormat.BINARY;
            default -> throw bad(name, "json, string or binary", given);
        };
    }

    private Start start() {
        if (timestamp != null) {
            if (offset != null) {
                throw new RestException(
                        RestError.badRequest(
                                "offset and timestamp exclude each other: give one of them."));
            }
            return new Start.AtTime(toMillis(timestamp));
        }
        if (offset == null) {
            return new Start.Earliest();
        }
        return switch (offset) {
            case "earliest" -> new Start.Earliest();
            case "latest" -> new Start.Latest();
            default -> new Start.AtOffset(number("offset", "a number, earliest or latest", offset));
        };
    }

    private static long toMillis(String timestamp) {
        if (timestamp.matches("\\d{1,18}")) {
            return Long.parseLong(timestamp);
        }
        try {
            long millis = OffsetDateTime.parse(timestamp).toInstant().toEpochMilli();
            if (millis >= 0) {
                return millis;
            }
        } catch (DateTimeException | ArithmeticException e) {
            // Told below.
        }
        throw bad("timestamp", "milliseconds since 1970 or an RFC 3339 time", timestamp);
    }

    private static long bounded(
            String name, @Nullable String value, long otherwise, long min, long max) {
        if (value == null) {
            return otherwise;
        }
        String expected = "a number from %d to %d".formatted(min, max);
        long number = number(name, expected, value);
        if (number < min || number > max) {
            throw bad(name, expected, value);
        }
        return number;
    }

    private static long number(String name, String expected, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw bad(name, expected, value);
        }
    }

    private static RestException bad(String name, String expected, String value) {
        return new RestException(
                RestError.badRequest(
                        "parameter %s must be %s, but is '%s'.".formatted(name, expected, value)));
    }
}
