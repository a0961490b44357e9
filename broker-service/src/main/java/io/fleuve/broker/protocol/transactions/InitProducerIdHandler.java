package io.fleuve.broker.protocol.transactions;

import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.protocol.RequestHandler;
import io.fleuve.broker.transaction.ProducerIdentity;
import io.fleuve.broker.transaction.TransactionCoordinator;
import io.fleuve.broker.transaction.TransactionException;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.requests.RequestContext;

/** InitProducerId: an id for an idempotent producer, id and epoch for a transactional one. */
final class InitProducerIdHandler implements RequestHandler<InitProducerIdRequest> {

    private static final short FIRST_VERSION_WITH_FENCED = 4;

    private final ClusterMetadata metadata;
    private final TransactionCoordinator transactions;

    InitProducerIdHandler(ClusterMetadata metadata, TransactionCoordinator transactions) {
        this.metadata = metadata;
        this.transactions = transactions;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, InitProducerIdRequest request) {
        return CompletableFuture.completedFuture(
                new InitProducerIdResponse(answer(request.data(), context.apiVersion())));
    }

    private InitProducerIdResponseData answer(InitProducerIdRequestData asked, short version) {
        ProducerIdentity known = new ProducerIdentity(asked.producerId(), asked.producerEpoch());
        boolean none = known.equals(ProducerIdentity.NONE);
        if (!none && (known.id() == -1 || known.epoch() == -1)) {
            return refused(Errors.INVALID_REQUEST);
        }
        try {
            if (asked.transactionalId() == null) {
                return given(new ProducerIdentity(metadata.nextProducerId(), (short) 0));
            }
            return given(
                    transactions.initialise(
                            asked.transactionalId(), known, asked.transactionTimeoutMs()));
        } catch (MetadataUnavailableException _) {
            // The retriable code that clients expect here.
            return refused(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        } catch (TransactionException e) {
            return refused(TransactionErrors.of(e.error(), version >= FIRST_VERSION_WITH_FENCED));
        }
    }

    private static InitProducerIdResponseData given(ProducerIdentity producer) {
        return new InitProducerIdResponseData()
                .setProducerId(producer.id())
                .setProducerEpoch(producer.epoch());
    }

    private static InitProducerIdResponseData refused(Errors error) {
        return given(ProducerIdentity.NONE).setErrorCode(error.code());
    }
}
