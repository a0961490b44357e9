package io.fleuve.broker.coordinator;

/** Takes the log of a group's shard into a producer's transaction. */
public interface OffsetTransactions {

    /**
     * Takes it in, which begins the transaction if there is none. Blocks.
     *
     * @throws org.apache.kafka.common.errors.ApiException if the producer may not
     */
    void join(String transactionalId, long producerId, short producerEpoch, long logId);
}
