package io.fleuve.alerts.alerts;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;

/**
 * One time that a rule was breached in a region, from the first window above the threshold to
 * recovery.
 *
 * <p>Its identity is a function of the rule, the region and that first window, so that whoever
 * reads the averages again finds the same episode and not a new one.
 *
 * @param fingerprint SHA-256 of rule, region and sensor in hex: what is the same from episode to
 *     episode
 * @param startedAt start of the first window in breach (event time)
 * @param firstWindowEnd end of that window
 */
public record Episode(String fingerprint, Instant startedAt, Instant firstWindowEnd) {

    /** The episode that {@code seen} begins. */
    public static Episode beginningWith(UUID ruleId, Observation seen) {
        return of(ruleId, seen.subject(), seen.windowStart(), seen.windowEnd());
    }

    /** The episode of a rule in a place that began with a window. */
    public static Episode of(UUID ruleId, Subject subject, Instant windowStart, Instant windowEnd) {
        return new Episode(fingerprint(ruleId, subject), windowStart, windowEnd);
    }

    /** The episode's name in keys: fingerprint and first window. */
    public String id() {
        return fingerprint + "@" + startedAt;
    }

    /** The id of the episode's alert, as deterministic as the episode. */
    public UUID alertId() {
        ByteBuffer hash = ByteBuffer.wrap(sha256(id()));
        long high = (hash.getLong() & ~0xF000L) | 0x8000L;
        long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        // Version 8 (RFC 9562): the other bits are ours to define.
        return new UUID(high, low);
    }

    private static String fingerprint(UUID ruleId, Subject subject) {
        // A line feed cannot be part of a UUID or a region's name, so no other rule and place give
        // the same text.
        String sensor = subject.sensor();
        String place = sensor == null ? subject.region() : subject.region() + "\n" + sensor;
        return HexFormat.of().formatHex(sha256(ruleId + "\n" + place));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
