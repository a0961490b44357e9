package io.fleuve.broker.log;

import java.time.Duration;

/**
 * The log's bounds.
 *
 * @param maxQueuedBytes how much may wait to be written before appends are refused
 * @param maxFlushBytes how much one write takes at the most (one larger batch is still taken)
 * @param maxObjectAge how long one object is written before the next is begun: its pieces are
 *     merged after that
 * @param maxObjectBatches how many batches one object takes
 * @param tailCacheBytes how much of what was just written is kept in memory
 * @param readCacheBytes how much of what was just read from the store is kept in memory
 * @param maxStoreReads how many reads may be at the store at the same time; others wait
 * @param indexPieces how many places of pieces are remembered
 * @param indexAge for how long; less than objects stay in the store after their last piece has
 *     moved
 * @param peerPollInterval how often the ends of awaited logs are looked up while other brokers may
 *     write
 * @param maxWait how long an append may wait to be written before it is refused; less than clients
 *     wait for an answer
 * @param retryBackoff how long to wait before a commit of unknown outcome is asked for again
 */
public record LogSettings(
        int maxQueuedBytes,
        int maxFlushBytes,
        Duration maxObjectAge,
        int maxObjectBatches,
        long tailCacheBytes,
        long readCacheBytes,
        int maxStoreReads,
        int indexPieces,
        Duration indexAge,
        Duration peerPollInterval,
        Duration maxWait,
        Duration retryBackoff) {

    /** Bounds that suit a small broker. */
    public static LogSettings defaults() {
        return new LogSettings(
                64 << 20,
                4 << 20,
                Duration.ofSeconds(30),
                20_000,
                64L << 20,
                16L << 20,
                8,
                8_192,
                Duration.ofSeconds(30),
                Duration.ofMillis(20),
                Duration.ofSeconds(15),
                Duration.ofMillis(200));
    }

    public LogSettings {
        requirePositive("max-queued", maxQueuedBytes);
        requirePositive("max-flush", maxFlushBytes);
        requirePositive("max-object-age", maxObjectAge.toMillis());
        requirePositive("max-object-batches", maxObjectBatches);
        requirePositive("tail-cache", tailCacheBytes);
        requirePositive("read-cache", readCacheBytes);
        requirePositive("max-store-reads", maxStoreReads);
        requirePositive("index-pieces", indexPieces);
        requirePositive("index-age", indexAge.toMillis());
        requirePositive("peer-poll-interval", peerPollInterval.toMillis());
        requirePositive("max-wait", maxWait.toMillis());
        requirePositive("retry-backoff", retryBackoff.toMillis());
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(
                    "fleuve.broker.log." + name + " must be more than 0, but is " + value);
        }
    }
}
