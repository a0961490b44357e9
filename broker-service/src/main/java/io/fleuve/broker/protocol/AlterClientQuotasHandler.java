package io.fleuve.broker.protocol;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.OpData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData.EntityData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData.EntryData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterClientQuotasRequest;
import org.apache.kafka.common.requests.AlterClientQuotasResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * AlterClientQuotas: a quota is refused, since nothing would enforce it, and whoever sets one
 * relies on it. Removing one leaves things as they are, without any.
 */
final class AlterClientQuotasHandler implements RequestHandler<AlterClientQuotasRequest> {

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, AlterClientQuotasRequest request) {
        AlterClientQuotasResponseData data = new AlterClientQuotasResponseData();
        for (AlterClientQuotasRequestData.EntryData asked : request.data().entries()) {
            EntryData answer = new EntryData();
            asked.entity()
                    .forEach(
                            part ->
                                    answer.entity()
                                            .add(
                                                    new EntityData()
                                                            .setEntityType(part.entityType())
                                                            .setEntityName(part.entityName())));
            if (!asked.ops().stream().allMatch(OpData::remove)) {
                answer.setErrorCode(Errors.INVALID_REQUEST.code())
                        .setErrorMessage("quotas of clients are not supported by this broker");
            }
            data.entries().add(answer);
        }
        return CompletableFuture.completedFuture(new AlterClientQuotasResponse(data));
    }
}
