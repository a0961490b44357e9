package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.TopicImage;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirPartitionResult;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterReplicaLogDirsRequest;
import org.apache.kafka.common.requests.AlterReplicaLogDirsResponse;
import org.apache.kafka.common.requests.RequestContext;

/** AlterReplicaLogDirs: there is one store, where everything is already. */
final class AlterReplicaLogDirsHandler implements RequestHandler<AlterReplicaLogDirsRequest> {

    private final String store;
    private final ClusterMetadata metadata;

    AlterReplicaLogDirsHandler(String store, ClusterMetadata metadata) {
        this.store = store;
        this.metadata = metadata;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, AlterReplicaLogDirsRequest request) {
        AlterReplicaLogDirsResponseData data = new AlterReplicaLogDirsResponseData();
        ClusterView cluster = new ClusterView(metadata);
        for (AlterReplicaLogDir directory : request.data().dirs()) {
            for (AlterReplicaLogDirTopic asked : directory.topics()) {
                AlterReplicaLogDirTopicResult result =
                        new AlterReplicaLogDirTopicResult().setTopicName(asked.name());
                data.results().add(result);
                Optional<TopicImage> topic = cluster.topic(asked.name());
                for (int index : asked.partitions()) {
                    boolean known = topic.flatMap(it -> it.partition(index)).isPresent();
                    result.partitions()
                            .add(
                                    new AlterReplicaLogDirPartitionResult()
                                            .setPartitionIndex(index)
                                            .setErrorCode(error(directory.path(), known).code()));
                }
            }
        }
        return CompletableFuture.completedFuture(new AlterReplicaLogDirsResponse(data));
    }

    private Errors error(String path, boolean known) {
        if (!path.equals(store)) {
            return Errors.LOG_DIR_NOT_FOUND;
        }
        return known ? Errors.NONE : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }
}
