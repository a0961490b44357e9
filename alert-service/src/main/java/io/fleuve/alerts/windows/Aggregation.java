package io.fleuve.alerts.windows;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HexFormat;

/**
 * What is computed of readings.
 *
 * @param grace how long, in the event time of its series, a window waits for readings out of order
 * @param revisions whether late readings are added to a window that was published and it is
 *     published again, with the next revision; sessions are never revised
 */
public record Aggregation(
        WindowShape shape,
        Duration grace,
        Grouping by,
        ReadingFilter filter,
        Transformation transformation,
        boolean revisions) {

    /** The id of the service's own windows, those of its settings. */
    public static final String DEFAULT_ID = "default";

    public Aggregation {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace must not be negative, but is " + grace);
        }
    }

    /** Tumbling windows of all readings as they come, by region; days are days in UTC. */
    public static Aggregation tumbling(Duration size, Duration grace) {
        return new Aggregation(
                new WindowShape.Tumbling(size, ZoneOffset.UTC),
                grace,
                Grouping.REGION,
                ReadingFilter.NONE,
                Transformation.IDENTITY,
                false);
    }

    /** A short hash of the content: the same wherever and whenever it is asked for. */
    public String id() {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
