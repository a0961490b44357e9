package io.fleuve.gateway.v2;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.ClusterAdmin.OffsetRange;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Brokers, topics and partitions in the shapes of v2. */
@RestController
@RequestMapping(produces = {MediaTypes.JSON, MediaType.APPLICATION_JSON_VALUE})
@Tag(name = "v2: metadata")
final class MetadataController {

    private final ClusterAdmin admin;

    MetadataController(ClusterAdmin admin) {
        this.admin = admin;
    }

    record BrokerList(@JsonProperty("brokers") List<Integer> brokers) {}

    record Replica(
            @JsonProperty("broker") int broker,
            @JsonProperty("leader") boolean leader,
            @JsonProperty("in_sync") boolean inSync) {}

    record PartitionMetadata(
            @JsonProperty("partition") int partition,
            @JsonProperty("leader") int leader,
            @JsonProperty("replicas") List<Replica> replicas) {}

    record TopicMetadata(
            @JsonProperty("name") String name,
            @JsonProperty("configs") Map<String, @Nullable String> configs,
            @JsonProperty("partitions") List<PartitionMetadata> partitions) {}

    record PartitionOffsets(
            @JsonProperty("beginning_offset") long beginningOffset,
            @JsonProperty("end_offset") long endOffset) {}

    @GetMapping("/brokers")
    @Operation(summary = "List brokers", description = "The numbers of the brokers of the cluster.")
    BrokerList listBrokers() {
        return new BrokerList(admin.describeCluster().nodes().stream().map(Node::id).toList());
    }

    @GetMapping("/topics")
    @Operation(
            summary = "List topics",
            description = "The names of all topics that are not internal.")
    List<String> listTopics() {
        return admin.topicNames();
    }

    @GetMapping("/topics/{topic}")
    @Operation(summary = "Get a topic", description = "A topic's configuration and partitions.")
    TopicMetadata getTopic(@PathVariable("topic") String topic) {
        TopicDescription description = admin.describeTopic(topic);
        Map<String, @Nullable String> configs = new TreeMap<>();
        admin.topicConfig(topic).entries().forEach(e -> configs.put(e.name(), e.value()));
        return new TopicMetadata(
                topic,
                configs,
                description.partitions().stream().map(MetadataController::toMetadata).toList());
    }

    @GetMapping("/topics/{topic}/partitions")
    @Operation(
            summary = "List partitions",
            description = "A topic's partitions and their replicas.")
    List<PartitionMetadata> listPartitions(@PathVariable("topic") String topic) {
        return admin.describeTopic(topic).partitions().stream()
                .map(MetadataController::toMetadata)
                .toList();
    }

    @GetMapping("/topics/{topic}/partitions/{partition}")
    @Operation(summary = "Get a partition", description = "One partition and its replicas.")
    PartitionMetadata getPartition(
            @PathVariable("topic") String topic, @PathVariable("partition") int partition) {
        return toMetadata(require(topic, partition));
    }

    @GetMapping("/topics/{topic}/partitions/{partition}/offsets")
    @Operation(
            summary = "Get a partition's offsets",
            description = "The first offset that a partition holds, and its high watermark.")
    PartitionOffsets getOffsets(
            @PathVariable("topic") String topic, @PathVariable("partition") int partition) {
        require(topic, partition);
        OffsetRange range = admin.offsetRange(new TopicPartition(topic, partition));
        return new PartitionOffsets(range.begin(), range.end());
    }

    private TopicPartitionInfo require(String topic, int partition) {
        return admin.describeTopic(topic).partitions().stream()
                .filter(info -> info.partition() == partition)
                .findFirst()
                .orElseThrow(() -> new RestException(RestError.partitionNotFound()));
    }

    private static PartitionMetadata toMetadata(TopicPartitionInfo info) {
        Node leader = info.leader();
        int leaderId = leader == null || leader.isEmpty() ? -1 : leader.id();
        return new PartitionMetadata(
                info.partition(),
                leaderId,
                info.replicas().stream()
                        .map(
                                node ->
                                        new Replica(
                                                node.id(),
                                                node.id() == leaderId,
                                                info.isr().stream()
                                                        .anyMatch(n -> n.id() == node.id())))
                        .toList());
    }
}
