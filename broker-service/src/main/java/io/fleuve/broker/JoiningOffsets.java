package io.fleuve.broker;

import io.fleuve.broker.coordinator.OffsetTransactions;
import io.fleuve.broker.transaction.ProducerIdentity;
import io.fleuve.broker.transaction.TransactionCatalog;
import java.util.List;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;

/**
 * Lets commits of offsets into transactions: between the coordinators of groups and of
 * transactions.
 */
record JoiningOffsets(TransactionCatalog transactions) implements OffsetTransactions {

    @Override
    public void join(String transactionalId, long producerId, short producerEpoch, long logId) {
        switch (transactions.join(
                transactionalId, new ProducerIdentity(producerId, producerEpoch), List.of(logId))) {
            case DONE -> {}
            case UNKNOWN ->
                    throw new InvalidPidMappingException(
                            "no producer of that id has transactional id " + transactionalId);
            case FENCED ->
                    throw new InvalidProducerEpochException(
                            "another producer uses transactional id " + transactionalId + " now");
        }
    }
}
