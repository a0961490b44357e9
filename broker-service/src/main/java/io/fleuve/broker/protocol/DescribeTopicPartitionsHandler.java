package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.metadata.TopicImage;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeTopicPartitionsRequest;
import org.apache.kafka.common.requests.DescribeTopicPartitionsResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * DescribeTopicPartitions: topics in order of their names, a limited number of partitions a time.
 */
final class DescribeTopicPartitionsHandler
        implements RequestHandler<DescribeTopicPartitionsRequest> {

    private final ClusterMetadata metadata;
    private final int maxPartitions;

    DescribeTopicPartitionsHandler(ClusterMetadata metadata, ProtocolSettings settings) {
        this.metadata = metadata;
        maxPartitions = settings.metadataPartitionLimit();
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, DescribeTopicPartitionsRequest request) {
        return CompletableFuture.completedFuture(
                new DescribeTopicPartitionsResponse(answer(request.data())));
    }

    private DescribeTopicPartitionsResponseData answer(DescribeTopicPartitionsRequestData asked) {
        DescribeTopicPartitionsResponseData data = new DescribeTopicPartitionsResponseData();
        ClusterView cluster = new ClusterView(metadata);
        String firstTopic = "";
        int firstPartition = 0;
        if (asked.cursor() != null) {
            firstTopic = asked.cursor().topicName();
            firstPartition = asked.cursor().partitionIndex();
            if (firstPartition < 0) {
                throw new InvalidRequestException(
                        "the cursor's partition must not be negative: " + firstPartition);
            }
        }
        int left = Math.clamp(asked.responsePartitionLimit(), 1, maxPartitions);
        for (String name : names(asked, cluster).tailSet(firstTopic)) {
            if (left == 0) {
                return data.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(0));
            }
            Optional<TopicImage> topic = cluster.topic(name);
            if (topic.isEmpty()) {
                data.topics().add(unknown(name));
                continue;
            }
            int from = name.equals(firstTopic) ? firstPartition : 0;
            int all = topic.get().partitions().size();
            int to = Math.min(all, Math.max(from, 0) + left);
            data.topics().add(describe(topic.get(), cluster, Math.min(from, all), to));
            left -= Math.max(0, to - from);
            if (to < all) {
                return data.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(to));
            }
        }
        return data;
    }

    private static SortedSet<String> names(
            DescribeTopicPartitionsRequestData asked, ClusterView cluster) {
        if (asked.topics().isEmpty()) {
            return new TreeSet<>(cluster.image().topics().keySet());
        }
        SortedSet<String> names = new TreeSet<>();
        asked.topics().forEach(topic -> names.add(topic.name()));
        return names;
    }

    private static DescribeTopicPartitionsResponseTopic unknown(String name) {
        Errors error =
                Topic.isValid(name)
                        ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                        : Errors.INVALID_TOPIC_EXCEPTION;
        return new DescribeTopicPartitionsResponseTopic().setName(name).setErrorCode(error.code());
    }

    private DescribeTopicPartitionsResponseTopic describe(
            TopicImage topic, ClusterView cluster, int from, int to) {
        Placement placement = new Placement(cluster.image(), metadata.brokerId());
        DescribeTopicPartitionsResponseTopic answer =
                new DescribeTopicPartitionsResponseTopic()
                        .setName(topic.name())
                        .setTopicId(ClusterView.toKafka(topic.id()))
                        .setIsInternal(topic.internal())
                        .setTopicAuthorizedOperations(AuthorizedOperations.onTopic(true));
        for (PartitionImage partition : topic.partitions().subList(from, Math.max(from, to))) {
            List<Integer> replicas = placement.replicas(partition);
            answer.partitions()
                    .add(
                            new DescribeTopicPartitionsResponsePartition()
                                    .setPartitionIndex(partition.index())
                                    .setLeaderId(placement.leader(partition))
                                    .setLeaderEpoch(partition.leaderEpoch())
                                    .setReplicaNodes(replicas)
                                    .setIsrNodes(replicas)
                                    .setEligibleLeaderReplicas(List.of())
                                    .setLastKnownElr(List.of()));
        }
        return answer;
    }
}
