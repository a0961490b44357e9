package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * InitProducerId for idempotent producers: a new id, or the next epoch of the one that the producer
 * has (KIP-360). Transactional producers are refused.
 */
final class InitProducerIdHandler implements RequestHandler<InitProducerIdRequest> {

    private final ClusterMetadata metadata;

    InitProducerIdHandler(ClusterMetadata metadata) {
        this.metadata = metadata;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, InitProducerIdRequest request) {
        return CompletableFuture.completedFuture(
                new InitProducerIdResponse(answer(request.data())));
    }

    private InitProducerIdResponseData answer(InitProducerIdRequestData asked) {
        InitProducerIdResponseData data = new InitProducerIdResponseData();
        if (asked.transactionalId() != null) {
            // Final for every client, and the nearest code to "not here".
            Errors error =
                    asked.transactionalId().isEmpty()
                            ? Errors.INVALID_REQUEST
                            : Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
            return data.setErrorCode(error.code());
        }
        if (asked.producerId() >= 0
                && asked.producerEpoch() >= 0
                && asked.producerEpoch() < Short.MAX_VALUE - 1) {
            return data.setProducerId(asked.producerId())
                    .setProducerEpoch((short) (asked.producerEpoch() + 1));
        }
        try {
            return data.setProducerId(metadata.nextProducerId()).setProducerEpoch((short) 0);
        } catch (MetadataUnavailableException _) {
            // The retriable code that clients expect here.
            return data.setErrorCode(Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
        }
    }
}
