package io.fleuve.broker.log;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the order of all logs is kept: gives offsets to what is durable, and knows where everything
 * lies.
 *
 * <p>Shared by all brokers. All calls block and throw {@link LogUnavailableException} when the
 * sequencer does not answer.
 */
public interface Sequencer {

    /**
     * Enters an object that is about to be written. Nothing in it can be committed after the given
     * time, or after it was sealed.
     */
    void enlist(String objectKey, Duration openFor);

    /** Says that nothing more will be committed in an object: others may work on it now. */
    void seal(String objectKey);

    /**
     * Gives the batches of a stretch their offsets and makes them visible, or refuses some, all in
     * one transaction. Calling again with the same stretch gives the same answer, also when the
     * first call's outcome is not known to the caller.
     *
     * @return one entry for each batch of the stretch, in its order
     */
    List<Sequenced> commit(Stretch stretch);

    /**
     * Lets a log start at {@code offset}, if it starts before that; {@link Long#MAX_VALUE} for its
     * end. What lies before is not read any more, and removed in time.
     *
     * @return the ends after that, which say whether the offset was beyond them; empty if there is
     *     no such log
     */
    Optional<LogEnds> raiseStart(long logId, long offset);

    /** Where a log starts and ends; empty if there is no such log. */
    Optional<LogEnds> ends(long logId);

    /** The ends of several logs; those that do not exist are absent. */
    Map<Long, LogEnds> ends(Collection<Long> logIds);

    /**
     * Where the pieces of a log lie, from the one that contains {@code offset} on, until they hold
     * {@code maxBytes} bytes or the log ends; at least one if there is any.
     */
    List<Piece> locate(long logId, long offset, int maxBytes);

    /**
     * The first piece that holds a record with that timestamp or a later one, and does not end
     * before {@code fromOffset}.
     */
    Optional<Piece> locateTimestamp(long logId, long fromOffset, long timestampMs);

    /** The aborted transactions of a log of which something lies in a range of offsets. */
    List<AbortedTransaction> aborted(long logId, long fromOffset, long toOffset);

    /**
     * A durable stretch of an object.
     *
     * @param objectKey the object
     * @param from its first byte
     * @param to the byte after its last
     * @param batches what it holds, ordered by log, and the batches of one producer in one log
     *     beside each other, in the order in which they lie there
     * @param ends the transactions whose markers are among them
     */
    record Stretch(
            String objectKey, long from, long to, List<Entry> batches, List<TransactionEnd> ends) {

        /** A stretch in which no transaction ends. */
        public Stretch(String objectKey, long from, long to, List<Entry> batches) {
            this(objectKey, from, to, batches, List.of());
        }
    }

    /**
     * A batch of a stretch.
     *
     * @param position its first byte within the object
     * @param guess the base offset written into it, or -1
     * @param fence the leader epoch at which the log must still be led by this broker, or -1
     * @param transactionalId whose transaction the client says a batch belongs to, or null
     * @param commits whether a marker is of a committed transaction
     */
    record Entry(
            long logId,
            long position,
            int sizeBytes,
            int offsetCount,
            long maxTimestamp,
            long guess,
            long producerId,
            short producerEpoch,
            int baseSequence,
            int fence,
            BatchKind kind,
            @Nullable String transactionalId,
            boolean commits) {}

    /**
     * What became of a batch.
     *
     * @param outcome appended, or why not
     * @param baseOffset its offset, for {@link Outcome#APPENDED} and {@link Outcome#DUPLICATE}
     * @param logStartOffset first offset of its log
     * @param firstOpen first offset of the log's oldest open transaction after it, or -1
     * @param lastAborted offset of the log's last marker of an aborted transaction after it, or -1
     */
    record Sequenced(
            Outcome outcome,
            long baseOffset,
            long logStartOffset,
            long firstOpen,
            long lastAborted) {

        /** In a log without transactions. */
        public Sequenced(Outcome outcome, long baseOffset, long logStartOffset) {
            this(outcome, baseOffset, logStartOffset, -1, -1);
        }
    }

    /** The outcomes, in the order of the codes that the database uses. */
    enum Outcome {
        APPENDED,
        DUPLICATE,
        OUT_OF_ORDER_SEQUENCE,
        STALE_PRODUCER_EPOCH,
        UNKNOWN_LOG,
        FENCED,
        OBJECT_SEALED,
        NOT_IN_TRANSACTION,
        UNKNOWN_PRODUCER,
        NOT_ENDED
    }

    /**
     * A run of batches of one log within one object.
     *
     * @param settled whether the bytes carry their offsets already
     */
    record Piece(
            long baseOffset,
            long lastOffset,
            String objectKey,
            long position,
            int sizeBytes,
            boolean settled) {}
}
