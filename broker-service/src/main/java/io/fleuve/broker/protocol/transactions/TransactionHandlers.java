package io.fleuve.broker.protocol.transactions;

import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.transaction.ProducerIdentity;
import io.fleuve.broker.transaction.TransactionCoordinator;
import io.fleuve.broker.transaction.TransactionException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AddOffsetsToTxnRequest;
import org.apache.kafka.common.requests.AddOffsetsToTxnResponse;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.common.requests.EndTxnResponse;
import org.apache.kafka.common.requests.RequestContext;

/** AddOffsetsToTxn and EndTxn: what a producer asks of its own transaction. */
final class TransactionHandlers {

    private static final short FIRST_VERSION_WITH_FENCED = 2;

    private final TransactionCoordinator transactions;
    private final GroupLogs groupLogs;

    /** Where the offsets of groups are. */
    interface GroupLogs {

        /** The log of a group's offsets. */
        long logOf(String groupId);
    }

    TransactionHandlers(TransactionCoordinator transactions, GroupLogs groupLogs) {
        this.transactions = transactions;
        this.groupLogs = groupLogs;
    }

    CompletableFuture<? extends AbstractResponse> addOffsets(
            RequestContext context, AddOffsetsToTxnRequest request) {
        return CompletableFuture.completedFuture(
                new AddOffsetsToTxnResponse(
                        new AddOffsetsToTxnResponseData()
                                .setErrorCode(
                                        addOffsets(request.data(), context.apiVersion()).code())));
    }

    private Errors addOffsets(AddOffsetsToTxnRequestData asked, short version) {
        if (asked.transactionalId().isEmpty()) {
            return Errors.INVALID_REQUEST;
        }
        try {
            transactions.join(
                    asked.transactionalId(),
                    new ProducerIdentity(asked.producerId(), asked.producerEpoch()),
                    List.of(groupLogs.logOf(asked.groupId())));
            return Errors.NONE;
        } catch (MetadataUnavailableException _) {
            return Errors.COORDINATOR_NOT_AVAILABLE;
        } catch (TransactionException e) {
            return TransactionErrors.of(e.error(), version >= FIRST_VERSION_WITH_FENCED);
        }
    }

    CompletableFuture<? extends AbstractResponse> end(
            RequestContext context, EndTxnRequest request) {
        return CompletableFuture.completedFuture(
                new EndTxnResponse(end(request.data(), context.apiVersion())));
    }

    private EndTxnResponseData end(EndTxnRequestData asked, short version) {
        if (asked.transactionalId().isEmpty()) {
            return new EndTxnResponseData().setErrorCode(Errors.INVALID_REQUEST.code());
        }
        boolean next = version > EndTxnRequest.LAST_STABLE_VERSION_BEFORE_TRANSACTION_V2;
        try {
            ProducerIdentity after =
                    transactions.end(
                            asked.transactionalId(),
                            new ProducerIdentity(asked.producerId(), asked.producerEpoch()),
                            asked.committed(),
                            next);
            return next
                    ? new EndTxnResponseData()
                            .setProducerId(after.id())
                            .setProducerEpoch(after.epoch())
                    : new EndTxnResponseData();
        } catch (TransactionException e) {
            return new EndTxnResponseData()
                    .setErrorCode(
                            TransactionErrors.of(e.error(), version >= FIRST_VERSION_WITH_FENCED)
                                    .code());
        }
    }
}
