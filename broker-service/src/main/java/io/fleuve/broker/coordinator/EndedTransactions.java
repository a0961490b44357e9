package io.fleuve.broker.coordinator;

import java.util.Collection;
import java.util.List;

/**
 * Transactions that have ended and whose group offsets are to be taken over by the shard's owner.
 */
public interface EndedTransactions {

    /**
     * Those of which a shard's log has open offsets. Blocks.
     *
     * @throws io.fleuve.broker.log.LogUnavailableException if the database does not answer
     */
    List<Ended> in(Collection<Long> logIds);

    /**
     * A transaction that has ended.
     *
     * @param logId the shard's log
     * @param producerEpoch the epoch that its marker has
     */
    record Ended(long logId, long producerId, short producerEpoch, boolean committed) {}
}
