package io.fleuve.gateway.read;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.PartitionReader.Query;
import io.fleuve.gateway.kafka.PartitionReader.Start;
import io.fleuve.gateway.kafka.ReadLimits;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
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
                        Parameters.bounded(
                                "max_records",
                                maxRecords,
                                limits.defaultRecords(),
                                1,
                                limits.maxRecords())),
                Math.toIntExact(
                        Parameters.bounded(
                                "max_bytes",
                                maxBytes,
                                limits.defaultSize().toBytes(),
                                1,
                                limits.maxSize().toBytes())),
                Duration.ofMillis(
                        Parameters.bounded(
                                "timeout", timeout, 0, 0, limits.maxTimeout().toMillis())));
    }

    /** The formats asked for: values are JSON and keys strings, unless it was said otherwise. */
    Formats formats() {
        return Formats.of(keyFormat, format);
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
            default ->
                    new Start.AtOffset(
                            Parameters.number("offset", "a number, earliest or latest", offset));
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
        throw Parameters.bad("timestamp", "milliseconds since 1970 or an RFC 3339 time", timestamp);
    }
}
