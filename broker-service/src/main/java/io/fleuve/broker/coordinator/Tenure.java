package io.fleuve.broker.coordinator;

/**
 * The time during which this broker owns a shard: it may write to the shard's log while the leader
 * epoch is this one.
 *
 * @param shard the partition of {@code __consumer_offsets}
 * @param logId the partition's log
 * @param leaderEpoch the epoch of the election
 */
record Tenure(int shard, long logId, int leaderEpoch) {}
