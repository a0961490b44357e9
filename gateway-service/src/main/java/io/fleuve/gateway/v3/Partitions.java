package io.fleuve.gateway.v3;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.ClusterAdmin;
import java.util.Optional;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Looks for the partition of a path. */
final class Partitions {

    private Partitions() {}

    /**
     * The partition, if the topic has it.
     *
     * @throws RestException 40403, in Confluent's words, if there is no such topic
     */
    static Optional<TopicPartitionInfo> describe(ClusterAdmin admin, String topic, int partition) {
        try {
            return admin.describeTopic(topic).partitions().stream()
                    .filter(info -> info.partition() == partition)
                    .findFirst();
        } catch (UnknownTopicOrPartitionException e) {
            throw new RestException(
                    new RestError(
                            404,
                            RestError.UNKNOWN_TOPIC_OR_PARTITION,
                            "This server does not host topic-partition %d for topic %s"
                                    .formatted(partition, topic)));
        }
    }
}
