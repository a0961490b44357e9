package io.fleuve.broker.upkeep;

import java.util.OptionalLong;

/**
 * What a topic's configuration says about the upkeep of its logs.
 *
 * @param delete whether old records are deleted
 * @param compact whether only the latest record of each key is kept
 * @param retentionMs how long records are kept; empty for ever
 * @param retentionBytes how much a log keeps; empty for no limit
 * @param deleteRetentionMs how long a tombstone can be read after it was compacted
 * @param minCompactionLagMs how old a record is before it may be compacted away
 * @param maxCompactionLagMs how old a record may be before its log is compacted
 * @param minDirtyRatio how much of a log is new before it is compacted, from 0 to 1
 */
public record LogPolicy(
        boolean delete,
        boolean compact,
        OptionalLong retentionMs,
        OptionalLong retentionBytes,
        long deleteRetentionMs,
        long minCompactionLagMs,
        long maxCompactionLagMs,
        double minDirtyRatio) {

    /** Reads what was configured for a topic. */
    public interface Reader {

        /** The policy of that topic, defaults included. */
        LogPolicy of(io.fleuve.broker.metadata.TopicImage topic);
    }
}
