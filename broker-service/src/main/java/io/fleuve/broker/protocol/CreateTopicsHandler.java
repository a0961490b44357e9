package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.CreateTopicResult;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.metadata.NewTopic;
import io.fleuve.broker.metadata.TopicImage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * CreateTopics. Any replication factor is accepted and means the same: the store is durable by
 * itself. Of a manual assignment the number of partitions is taken; see {@link ManualAssignment}.
 */
final class CreateTopicsHandler implements RequestHandler<CreateTopicsRequest> {

    private static final Logger LOGGER = LoggerFactory.getLogger(CreateTopicsHandler.class);

    private final ClusterMetadata metadata;
    private final ProtocolSettings settings;
    private final TopicConfigs topicConfigs;

    CreateTopicsHandler(
            ClusterMetadata metadata, ProtocolSettings settings, TopicConfigs topicConfigs) {
        this.metadata = metadata;
        this.settings = settings;
        this.topicConfigs = topicConfigs;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, CreateTopicsRequest request) {
        CreateTopicsResponseData data = new CreateTopicsResponseData();
        Set<String> seen = new HashSet<>();
        Set<String> twice = new HashSet<>();
        for (CreatableTopic topic : request.data().topics()) {
            if (!seen.add(topic.name())) {
                twice.add(topic.name());
            }
        }
        for (CreatableTopic topic : request.data().topics()) {
            if (!twice.contains(topic.name())) {
                data.topics().add(answer(topic, request.data().validateOnly()));
            }
        }
        for (String name : twice) {
            data.topics()
                    .add(
                            error(
                                    name,
                                    new InvalidRequestException(
                                            "the topic is in the request more than once")));
        }
        return CompletableFuture.completedFuture(new CreateTopicsResponse(data));
    }

    private CreatableTopicResult answer(CreatableTopic asked, boolean validateOnly) {
        try {
            Topic.validate(asked.name());
            if (Topic.isInternal(asked.name())) {
                throw new InvalidTopicException("the name is kept for the broker's own use");
            }
            Map<String, String> configs = configs(asked);
            topicConfigs.check(configs);
            NewTopic wanted = new NewTopic(asked.name(), partitions(asked), false, configs);
            checkReplication(asked);
            return validateOnly ? pretend(wanted) : create(wanted, asked.replicationFactor());
        } catch (ApiException e) {
            return error(asked.name(), e);
        } catch (MetadataUnavailableException e) {
            return error(asked.name(), new TimeoutException(e.getMessage()));
        }
    }

    private CreatableTopicResult pretend(NewTopic wanted) {
        Optional<TopicImage> known = new ClusterView(metadata).topic(wanted.name());
        if (known.isPresent()) {
            throw exists(wanted.name());
        }
        return created(wanted, Uuid.ZERO_UUID);
    }

    private CreatableTopicResult create(NewTopic wanted, short replicationFactor) {
        return switch (metadata.createTopic(wanted)) {
            case CreateTopicResult.Exists _ -> throw exists(wanted.name());
            case CreateTopicResult.Created(TopicImage topic) -> {
                LOGGER.atInfo()
                        .addKeyValue("topic", topic.name())
                        .addKeyValue("partitions", topic.partitions().size())
                        .addKeyValue("requestedReplicationFactor", replicationFactor)
                        .log("topic created");
                yield created(wanted, ClusterView.toKafka(topic.id()));
            }
        };
    }

    private static TopicExistsException exists(String name) {
        return new TopicExistsException("Topic '%s' already exists.".formatted(name));
    }

    private static Map<String, String> configs(CreatableTopic asked) {
        Map<String, String> configs = new HashMap<>();
        for (CreatableTopicConfig config : asked.configs()) {
            if (config.value() == null) {
                throw new InvalidConfigurationException(
                        "the configuration %s has no value".formatted(config.name()));
            }
            configs.put(config.name(), config.value());
        }
        return configs;
    }

    private int partitions(CreatableTopic asked) {
        int partitions = asked.numPartitions();
        if (!asked.assignments().isEmpty()) {
            if (partitions != CreateTopicsRequest.NO_NUM_PARTITIONS) {
                throw new InvalidRequestException(
                        "a number of partitions and an assignment exclude each other");
            }
            partitions = asked.assignments().size();
        } else if (partitions == CreateTopicsRequest.NO_NUM_PARTITIONS) {
            partitions = settings.defaultPartitions();
        }
        if (partitions < 1 || partitions > settings.maxPartitionsPerTopic()) {
            throw new InvalidPartitionsException(
                    "the number of partitions must be between 1 and %d, not %d"
                            .formatted(settings.maxPartitionsPerTopic(), partitions));
        }
        return partitions;
    }

    private void checkReplication(CreatableTopic asked) {
        short factor = asked.replicationFactor();
        if (asked.assignments().isEmpty()) {
            if (factor < 1 && factor != CreateTopicsRequest.NO_REPLICATION_FACTOR) {
                throw new InvalidReplicationFactorException(
                        "the replication factor must be at least 1, or -1 for the default");
            }
            return;
        }
        if (factor != CreateTopicsRequest.NO_REPLICATION_FACTOR) {
            throw new InvalidRequestException(
                    "a replication factor and an assignment exclude each other");
        }
        ClusterView cluster = new ClusterView(metadata);
        OptionalInt replicas = OptionalInt.empty();
        for (CreatableReplicaAssignment assignment : asked.assignments()) {
            replicas = ManualAssignment.check(assignment.brokerIds(), replicas, cluster);
        }
        for (int i = 0; i < asked.assignments().size(); i++) {
            if (asked.assignments().find(i) == null) {
                throw new InvalidReplicaAssignmentException(
                        "partitions must be numbered from 0 without gaps: %d is missing"
                                .formatted(i));
            }
        }
    }

    private CreatableTopicResult created(NewTopic topic, Uuid id) {
        CreatableTopicResult result =
                new CreatableTopicResult()
                        .setName(topic.name())
                        .setTopicId(id)
                        .setNumPartitions(topic.partitions())
                        .setReplicationFactor(Placement.REPLICATION_FACTOR);
        for (DescribedConfig entry : topicConfigs.describe(topic.configs(), null)) {
            result.configs()
                    .add(
                            new CreatableTopicConfigs()
                                    .setName(entry.name())
                                    .setValue(entry.value().value())
                                    .setConfigSource(entry.value().source().id()));
        }
        return result;
    }

    private static CreatableTopicResult error(String name, ApiException e) {
        return new CreatableTopicResult()
                .setName(name)
                .setErrorCode(Errors.forException(e).code())
                .setErrorMessage(e.getMessage());
    }
}
