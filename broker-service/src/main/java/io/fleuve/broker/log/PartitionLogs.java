package io.fleuve.broker.log;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * All partitions' logs, as one broker serves them. A log is known by its number; see {@code
 * PartitionImage.logId}.
 *
 * <p>Any broker may append to and read any log (invariant 5): who leads a partition is a hint for
 * routing. Calls are safe from any thread.
 */
public interface PartitionLogs {

    /**
     * Appends one record batch. Appends of one producer to one log take effect in the order of the
     * calls on this broker; those of producers without an id do as if they were one.
     *
     * <p>The future completes when the batch is durable and has its offset, or when it was refused.
     * It never completes exceptionally: a store or database that is away is a {@link
     * AppendResult.Rejected}, too. Dependent stages run on the committing thread, so they must be
     * short and must not block.
     *
     * <p>The bytes are owned by the log from this call on: base offset, leader epoch and, where
     * asked, the append time are written into them.
     */
    CompletableFuture<AppendResult> append(Append append);

    /**
     * Reads whole batches from the one that contains {@code fromOffset} on, up to {@code maxBytes}
     * bytes; when {@code atLeastOneBatch} is set the first batch is returned even if it is larger.
     * May block on the store or the database.
     *
     * @throws LogUnavailableException if the store or the database does not answer (retriable)
     */
    ReadResult read(long logId, long fromOffset, int maxBytes, boolean atLeastOneBatch);

    /**
     * As {@link #read}, but large stretches that lie in the store may be left there, to be sent
     * from where they are.
     *
     * @param stable whether to read to the last stable offset only
     * @throws LogUnavailableException if the store or the database does not answer (retriable)
     */
    default ReadResult readInPlace(
            long logId, long fromOffset, int maxBytes, boolean atLeastOneBatch, boolean stable) {
        return read(logId, fromOffset, maxBytes, atLeastOneBatch);
    }

    /**
     * Ends a transaction: appends its markers to all its logs and closes it, in one commit.
     *
     * <p>As with appends, the future never completes exceptionally.
     */
    CompletableFuture<TransactionEnd.Outcome> endTransaction(TransactionEnd end);

    /**
     * The aborted transactions of a log of which something lies in a range of offsets that ends
     * before the last stable one. Blocks.
     *
     * @throws LogUnavailableException if the database does not answer (retriable)
     */
    List<AbortedTransaction> aborted(long logId, long fromOffset, long toOffset);

    /**
     * Where a log starts and ends, from the database, hence up to date with all brokers; empty if
     * there is no such log. Blocks.
     *
     * @throws LogUnavailableException if the database does not answer (retriable)
     */
    Optional<LogEnds> ends(long logId);

    /**
     * Lets a log start at {@code offset}, if it starts before that and does not end before it;
     * {@link Long#MAX_VALUE} stands for its end. Earlier records cannot be read any more. Blocks.
     *
     * @return the ends after that; if the offset is beyond them, nothing has changed. Empty if
     *     there is no such log
     * @throws LogUnavailableException if the database does not answer (retriable)
     */
    Optional<LogEnds> raiseStart(long logId, long offset);

    /**
     * The bytes of the piece of log that holds the first record whose timestamp is {@code
     * timestampMs} or later: one or more whole batches, with offsets in place, the wanted record
     * somewhere inside; empty if there is none. Blocks.
     *
     * @param fromOffset pieces that end before are left out
     * @param timestampMs milliseconds since the epoch
     * @throws LogUnavailableException if the store or the database does not answer (retriable)
     */
    Optional<java.nio.ByteBuffer> seekTimestamp(long logId, long fromOffset, long timestampMs);

    /**
     * Watches logs for growth, from this broker or another. Register first, then read, then await:
     * growth between the registration and the waiting is not missed.
     */
    HeadWatch watch(Collection<Long> logIds);
}
