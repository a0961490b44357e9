package io.fleuve.broker.metadata;

/**
 * A partition.
 *
 * @param index its number within the topic
 * @param logId the number of its log, unique in the cluster and never used again
 * @param leaderId the broker that clients are sent to: a hint for data, the one writer for
 *     coordinators' logs
 * @param leaderEpoch rises whenever the leader changes
 */
public record PartitionImage(int index, long logId, int leaderId, int leaderEpoch) {}
