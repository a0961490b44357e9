package io.fleuve.broker;

import io.fleuve.broker.coordinator.OffsetTransactions;
import io.fleuve.broker.transaction.ProducerIdentity;
import io.fleuve.broker.transaction.TransactionCatalog;
import io.fleuve.broker.transaction.TransactionState;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.TransactionAbortableException;

/** Lets offsets into transactions: between the coordinators of groups and of transactions. */
record JoiningOffsets(TransactionCatalog transactions) implements OffsetTransactions {

    @Override
    public void join(String transactionalId, long producerId, short producerEpoch, long logId) {
        checkId(transactionalId);
        switch (transactions.join(
                transactionalId, new ProducerIdentity(producerId, producerEpoch), List.of(logId))) {
            case DONE -> {}
            case UNKNOWN -> throw unknown(transactionalId);
            case FENCED -> throw fenced(transactionalId);
        }
    }

    @Override
    public void verify(
            String transactionalId,
            long producerId,
            short producerEpoch,
            long logId,
            boolean abortable) {
        checkId(transactionalId);
        Optional<TransactionState> state = transactions.find(transactionalId);
        if (state.isEmpty() || state.get().producer().id() != producerId) {
            throw unknown(transactionalId);
        }
        if (state.get().producer().epoch() != producerEpoch) {
            throw fenced(transactionalId);
        }
        if (!state.get().logs().contains(logId)) {
            String message = "the group was not added to transaction " + transactionalId;
            throw abortable
                    ? new TransactionAbortableException(message)
                    : new InvalidTxnStateException(message);
        }
    }

    private static void checkId(String transactionalId) {
        if (transactionalId.isEmpty()) {
            throw new InvalidRequestException("the transactional id is empty");
        }
    }

    private static ApiException unknown(String transactionalId) {
        return new InvalidPidMappingException(
                "no producer of that id has transactional id " + transactionalId);
    }

    private static ApiException fenced(String transactionalId) {
        return new InvalidProducerEpochException(
                "another producer uses transactional id " + transactionalId + " now");
    }
}
