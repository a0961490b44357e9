package io.fleuve.broker.protocol;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeClientQuotasRequest;
import org.apache.kafka.common.requests.DescribeClientQuotasResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.image.ClientQuotasImage;

/** DescribeClientQuotas: there are none. What is asked is checked as Kafka checks it. */
final class DescribeClientQuotasHandler implements RequestHandler<DescribeClientQuotasRequest> {

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, DescribeClientQuotasRequest request) {
        return CompletableFuture.completedFuture(
                new DescribeClientQuotasResponse(ClientQuotasImage.EMPTY.describe(request.data())));
    }
}
