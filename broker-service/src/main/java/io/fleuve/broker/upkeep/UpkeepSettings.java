package io.fleuve.broker.upkeep;

import java.time.Duration;

/**
 * The bounds of upkeep.
 *
 * @param interval how often it is looked whether there is something to do
 * @param smallPieceBytes pieces that are smaller are merged
 * @param mergedPieceBytes how large merged pieces become
 * @param maxObjectBytes how large an object of merged pieces becomes
 * @param bytesPerSecond how much is written at the most
 * @param lease how long a claim holds
 * @param retentionInterval how often old records are looked for ({@code
 *     log.retention.check.interval.ms})
 * @param compactionInterval how often topics that are due for compaction are looked for ({@code
 *     log.cleaner.backoff.ms})
 * @param compactionKeys how many keys one pass of compaction remembers, at some 50 bytes each
 * @param sweepInterval how often dead objects are looked for
 * @param grace how long a dead object stays: longer than any reader holds on to where it found one
 * @param orphanInterval how often the store is searched for objects that nobody knows
 * @param orphanGrace how old such an object is before it is removed
 * @param producerInterval how often idle producers are looked for ({@code
 *     producer.id.expiration.check.interval.ms})
 * @param producerExpiration how long an idle producer is remembered ({@code
 *     producer.id.expiration.ms})
 */
public record UpkeepSettings(
        Duration interval,
        int smallPieceBytes,
        int mergedPieceBytes,
        int maxObjectBytes,
        long bytesPerSecond,
        Duration lease,
        Duration retentionInterval,
        Duration compactionInterval,
        int compactionKeys,
        Duration sweepInterval,
        Duration grace,
        Duration orphanInterval,
        Duration orphanGrace,
        Duration producerInterval,
        Duration producerExpiration) {

    public UpkeepSettings {
        requirePositive("interval", interval.toMillis());
        requirePositive("small-piece", smallPieceBytes);
        requirePositive("merged-piece", mergedPieceBytes);
        requirePositive("max-object", maxObjectBytes);
        requirePositive("bytes-per-second", bytesPerSecond);
        requirePositive("lease", lease.toMillis());
        requirePositive("retention-interval", retentionInterval.toMillis());
        requirePositive("compaction-interval", compactionInterval.toMillis());
        requirePositive("compaction-keys", compactionKeys);
        requirePositive("sweep-interval", sweepInterval.toMillis());
        requirePositive("grace", grace.toMillis());
        requirePositive("orphan-interval", orphanInterval.toMillis());
        requirePositive("orphan-grace", orphanGrace.toMillis());
        requirePositive("producer-interval", producerInterval.toMillis());
        requirePositive("producer-expiration", producerExpiration.toMillis());
        if (smallPieceBytes > mergedPieceBytes) {
            throw new IllegalArgumentException(
                    "fleuve.broker.upkeep.small-piece (%d) must not be more than merged-piece (%d)"
                            .formatted(smallPieceBytes, mergedPieceBytes));
        }
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(
                    "fleuve.broker.upkeep." + name + " must be more than 0, but is " + value);
        }
    }
}
