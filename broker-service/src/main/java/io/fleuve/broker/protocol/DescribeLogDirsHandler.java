package io.fleuve.broker.protocol;

import io.fleuve.broker.inspection.LogSizes;
import io.fleuve.broker.log.LogUnavailableException;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.metadata.TopicImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeLogDirsRequest;
import org.apache.kafka.common.requests.DescribeLogDirsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DescribeLogDirs: the store in place of a directory, and the size of each partition in it. All
 * brokers share the store; each tells of the partitions that it leads, so that the sum over all
 * brokers is right.
 */
final class DescribeLogDirsHandler implements RequestHandler<DescribeLogDirsRequest> {

    private static final Logger LOGGER = LoggerFactory.getLogger(DescribeLogDirsHandler.class);

    private record Described(TopicImage topic, List<PartitionImage> partitions) {}

    private final String store;
    private final LogSizes sizes;
    private final ClusterMetadata metadata;

    DescribeLogDirsHandler(String store, LogSizes sizes, ClusterMetadata metadata) {
        this.store = store;
        this.sizes = sizes;
        this.metadata = metadata;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, DescribeLogDirsRequest request) {
        DescribeLogDirsResult result = new DescribeLogDirsResult().setLogDir(store);
        List<Described> described = described(request);
        try {
            Map<Long, Long> bytes =
                    sizes.bytes(
                            described.stream()
                                    .flatMap(it -> it.partitions().stream())
                                    .map(PartitionImage::logId)
                                    .toList());
            described.forEach(it -> result.topics().add(answer(it, bytes)));
        } catch (LogUnavailableException e) {
            LOGGER.atWarn()
                    .addKeyValue("store", store)
                    .addKeyValue("reason", e.getMessage())
                    .log("sizes of logs could not be looked up");
            result.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
        }
        return CompletableFuture.completedFuture(
                new DescribeLogDirsResponse(
                        new DescribeLogDirsResponseData().setResults(List.of(result))));
    }

    /** What is asked for, exists, and is led by this broker. */
    private List<Described> described(DescribeLogDirsRequest request) {
        ClusterView cluster = new ClusterView(metadata);
        List<Described> described = new ArrayList<>();
        if (request.isAllTopicPartitions()) {
            for (TopicImage topic : cluster.image().topics().values()) {
                described.add(new Described(topic, topic.partitions()));
            }
        } else {
            for (DescribableLogDirTopic asked : request.data().topics()) {
                Set<Integer> wanted = new HashSet<>(asked.partitions());
                cluster.topic(asked.topic())
                        .ifPresent(
                                topic ->
                                        described.add(
                                                new Described(
                                                        topic,
                                                        topic.partitions().stream()
                                                                .filter(
                                                                        it ->
                                                                                wanted.contains(
                                                                                        it.index()))
                                                                .toList())));
            }
        }
        Placement placement = new Placement(cluster.image(), metadata.brokerId());
        return described.stream()
                .map(
                        it ->
                                new Described(
                                        it.topic(),
                                        it.partitions().stream()
                                                .filter(
                                                        partition ->
                                                                placement.leader(partition)
                                                                        == metadata.brokerId())
                                                .toList()))
                .filter(it -> !it.partitions().isEmpty())
                .toList();
    }

    private static DescribeLogDirsTopic answer(Described described, Map<Long, Long> bytes) {
        DescribeLogDirsTopic topic = new DescribeLogDirsTopic().setName(described.topic().name());
        for (PartitionImage partition : described.partitions()) {
            topic.partitions()
                    .add(
                            new DescribeLogDirsPartition()
                                    .setPartitionIndex(partition.index())
                                    .setPartitionSize(bytes.getOrDefault(partition.logId(), 0L)));
        }
        return topic;
    }
}
