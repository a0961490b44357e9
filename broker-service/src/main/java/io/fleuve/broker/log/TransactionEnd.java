package io.fleuve.broker.log;

import java.util.List;

/**
 * The end of a transaction: everything that becomes visible in one commit.
 *
 * @param producerId the producer whose transaction is open
 * @param epoch the epoch at which it must be open
 * @param commit whether it is committed, or else aborted
 * @param nextProducerId the producer's id from then on
 * @param nextEpoch the producer's epoch from then on
 * @param markerEpoch the epoch that the markers have
 * @param markers one marker for each log of the transaction but those of group offsets; at least
 *     one
 * @param groupLogs the logs of group offsets in the transaction: their coordinators write the
 *     markers
 */
public record TransactionEnd(
        long producerId,
        short epoch,
        boolean commit,
        long nextProducerId,
        short nextEpoch,
        short markerEpoch,
        List<Append> markers,
        List<Long> groupLogs) {

    /** What became of it. */
    public enum Outcome {
        /** All of it is durable and visible. */
        ENDED,
        /**
         * Nothing has happened: the transaction is not open at that epoch, or has other logs than
         * was thought.
         */
        CHANGED,
        /** Nothing has happened, or that is not known: store or database do not answer. */
        UNAVAILABLE
    }
}
