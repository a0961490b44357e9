package io.fleuve.alerts.streams;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the topics that are missing. Time-based retention is off: replayed readings carry the
 * time at which they were observed, and a broker that deletes by time would delete them as they
 * arrive. The internal topic is bounded by size instead. Timestamps ahead of the clock are allowed,
 * which brokers by default refuse beyond an hour: a replay that is faster than time runs ahead.
 */
final class TopicProvisioning {

    private static final Logger LOGGER = LoggerFactory.getLogger(TopicProvisioning.class);
    private static final long ANSWER_WITHIN_SECONDS = 20;
    private static final String UNLIMITED = Long.toString(Long.MAX_VALUE);
    private static final Map<String, String> FOREVER =
            Map.of(
                    TopicConfig.RETENTION_MS_CONFIG,
                    "-1",
                    TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                    UNLIMITED);
    private static final Map<String, String> LAST_64_MIB =
            Map.of(
                    TopicConfig.RETENTION_MS_CONFIG,
                    "-1",
                    TopicConfig.RETENTION_BYTES_CONFIG,
                    Integer.toString(64 * 1024 * 1024),
                    TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                    UNLIMITED);

    private final TopicSettings topics;

    TopicProvisioning(TopicSettings topics) {
        this.topics = topics;
    }

    /**
     * Makes sure that all topics are there.
     *
     * @throws KafkaException if the broker does not answer or refuses; worth another try
     */
    SourceTopic ensure(Admin admin) {
        create(admin, topics.readings(), topics.partitions(), FOREVER);
        create(admin, topics.averages(), topics.partitions(), FOREVER);
        create(admin, topics.deadLetters(), topics.partitions(), FOREVER);
        TopicDescription readings = describe(admin, topics.readings());
        int partitions = readings.partitions().size();
        create(admin, topics.unkeyed(), partitions, LAST_64_MIB);
        int unkeyedPartitions = describe(admin, topics.unkeyed()).partitions().size();
        if (unkeyedPartitions < partitions) {
            await(
                    admin.createPartitions(
                                    Map.of(topics.unkeyed(), NewPartitions.increaseTo(partitions)))
                            .all());
        } else if (unkeyedPartitions > partitions) {
            throw new KafkaException(
                    "topic %s has %d partitions but %s has %d: delete the former, it is made again"
                            .formatted(
                                    topics.unkeyed(),
                                    unkeyedPartitions,
                                    topics.readings(),
                                    partitions));
        }
        return new SourceTopic(readings.topicId().toString(), partitions);
    }

    private static void create(
            Admin admin, String name, int partitions, Map<String, String> configuration) {
        if (await(admin.listTopics().names()).contains(name)) {
            return;
        }
        NewTopic topic =
                new NewTopic(name, Optional.of(partitions), Optional.empty())
                        .configs(configuration);
        try {
            await(admin.createTopics(List.of(topic)).all());
            LOGGER.atInfo()
                    .addKeyValue("topic", name)
                    .addKeyValue("partitions", partitions)
                    .log("topic created");
        } catch (TopicExistsException e) {
            LOGGER.atDebug().addKeyValue("topic", name).log("topic was created meanwhile");
        }
    }

    private static TopicDescription describe(Admin admin, String name) {
        TopicDescription description =
                await(admin.describeTopics(List.of(name)).allTopicNames()).get(name);
        if (description == null) {
            throw new KafkaException("the broker does not describe topic " + name + " yet");
        }
        return description;
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka
                    ? kafka
                    : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("the broker did not answer", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
