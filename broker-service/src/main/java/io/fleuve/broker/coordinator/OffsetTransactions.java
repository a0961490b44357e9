package io.fleuve.broker.coordinator;

/** Whether offsets of a group may be a part of a producer's transaction. */
public interface OffsetTransactions {

    /**
     * Takes the log of the group's shard in, which begins the transaction if there is none. Blocks.
     *
     * @throws org.apache.kafka.common.errors.ApiException if the producer may not
     */
    void join(String transactionalId, long producerId, short producerEpoch, long logId);

    /**
     * Makes sure that it was taken in before. Blocks.
     *
     * @param abortable whether the client can be told to abort its transaction
     * @throws org.apache.kafka.common.errors.ApiException if it was not, or the producer may not
     */
    void verify(
            String transactionalId,
            long producerId,
            short producerEpoch,
            long logId,
            boolean abortable);
}
