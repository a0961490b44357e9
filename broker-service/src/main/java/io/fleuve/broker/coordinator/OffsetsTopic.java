package io.fleuve.broker.coordinator;

import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.CreateTopicResult;
import io.fleuve.broker.metadata.NewTopic;
import io.fleuve.broker.metadata.TopicImage;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.utils.Utils;

/** The topic {@code __consumer_offsets}: each of its partitions holds the groups of one shard. */
final class OffsetsTopic {

    static final String NAME = Topic.GROUP_METADATA_TOPIC_NAME;

    private static final Map<String, String> CONFIGS =
            Map.of(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    TopicConfig.CLEANUP_POLICY_COMPACT,
                    TopicConfig.COMPRESSION_TYPE_CONFIG,
                    "producer",
                    TopicConfig.SEGMENT_BYTES_CONFIG,
                    Integer.toString(100 * 1024 * 1024));

    private final ClusterMetadata metadata;
    private final int shards;

    OffsetsTopic(ClusterMetadata metadata, int shards) {
        this.metadata = metadata;
        this.shards = shards;
    }

    static Optional<TopicImage> find(ClusterImage image) {
        return image.topic(NAME);
    }

    static TopicPartition partition(int shard) {
        return new TopicPartition(NAME, shard);
    }

    /** The shard of a group, as every Kafka broker computes it. */
    static int shardOf(String groupId, int shards) {
        return Utils.abs(groupId.hashCode()) % shards;
    }

    /**
     * The topic, created if there is none yet. Blocks only then.
     *
     * @throws io.fleuve.broker.metadata.MetadataUnavailableException if the database does not
     *     answer
     */
    TopicImage ensure() {
        return find(metadata.current()).orElseGet(this::create);
    }

    private TopicImage create() {
        return switch (metadata.createTopic(new NewTopic(NAME, shards, true, CONFIGS))) {
            case CreateTopicResult.Created created -> created.topic();
            case CreateTopicResult.Exists exists -> exists.topic();
        };
    }
}
