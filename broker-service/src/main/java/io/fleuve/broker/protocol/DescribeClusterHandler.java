package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.BrokerImage;
import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.ClusterMetadata;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeClusterRequest;
import org.apache.kafka.common.requests.DescribeClusterResponse;
import org.apache.kafka.common.requests.RequestContext;

/** DescribeCluster: the brokers that are alive. There are no controllers to describe. */
final class DescribeClusterHandler implements RequestHandler<DescribeClusterRequest> {

    private static final byte BROKERS = 1;

    private final ClusterMetadata metadata;

    DescribeClusterHandler(ClusterMetadata metadata) {
        this.metadata = metadata;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, DescribeClusterRequest request) {
        DescribeClusterResponseData data = new DescribeClusterResponseData();
        if (request.data().endpointType() != BROKERS) {
            data.setErrorCode(Errors.MISMATCHED_ENDPOINT_TYPE.code())
                    .setErrorMessage("this is a broker; there are no controllers");
            return CompletableFuture.completedFuture(new DescribeClusterResponse(data));
        }
        ClusterImage image = metadata.current();
        data.setEndpointType(BROKERS)
                .setClusterId(image.clusterId())
                .setControllerId(new Placement(image, metadata.brokerId()).controller())
                .setClusterAuthorizedOperations(
                        AuthorizedOperations.onCluster(
                                request.data().includeClusterAuthorizedOperations()));
        for (BrokerImage broker : image.brokers().values()) {
            BrokerImage.Address address = Listeners.addressOf(broker, context);
            data.brokers()
                    .add(
                            new DescribeClusterBroker()
                                    .setBrokerId(broker.id())
                                    .setHost(address.host())
                                    .setPort(address.port()));
        }
        return CompletableFuture.completedFuture(new DescribeClusterResponse(data));
    }
}
