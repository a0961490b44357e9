package io.fleuve.broker.protocol;

import io.fleuve.broker.coordinator.GroupConfigs;
import io.fleuve.broker.log.PartitionLogs;
import io.fleuve.broker.metadata.ClusterMetadata;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AlterClientQuotasRequest;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsRequest;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.DescribeClientQuotasRequest;
import org.apache.kafka.common.requests.DescribeClusterRequest;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeTopicPartitionsRequest;
import org.apache.kafka.common.requests.ElectLeadersRequest;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.ListConfigResourcesRequest;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListPartitionReassignmentsRequest;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;
import org.apache.kafka.common.requests.ProduceRequest;

/** The APIs for records, topics and the cluster: everything but groups and transactions. */
public final class CoreApis {

    private final PartitionLogs logs;
    private final ClusterMetadata metadata;
    private final GroupConfigs groupConfigs;
    private final ProtocolSettings settings;
    private final Clock clock;
    private final FetchBudget fetchBudget;
    private final FetchSessions fetchSessions;

    /**
     * @param clock for the bounds of timestamps
     */
    public CoreApis(
            PartitionLogs logs,
            ClusterMetadata metadata,
            GroupConfigs groupConfigs,
            ProtocolSettings settings,
            Clock clock) {
        this.logs = logs;
        this.metadata = metadata;
        this.groupConfigs = groupConfigs;
        this.settings = settings;
        this.clock = clock;
        fetchBudget = new FetchBudget(settings.fetchBudgetBytes());
        fetchSessions = new FetchSessions(settings.maxFetchSessionPartitions(), clock);
    }

    /** Bytes that answers to fetches hold: read, and not yet sent. */
    public long heldFetchBytes() {
        return fetchBudget.takenBytes();
    }

    /** Partitions that fetch sessions keep, each session itself counted as one more. */
    public int fetchSessionPartitions() {
        return fetchSessions.size();
    }

    /**
     * The table of these APIs, of others, and of ApiVersions, which tells of them all.
     *
     * @param others APIs of groups and of transactions
     */
    public ApiTable tableWith(List<Api<?>> others) {
        List<Api<?>> apis = new ArrayList<>();
        apis.addAll(records());
        apis.addAll(cluster());
        apis.addAll(placement());
        apis.addAll(quotas());
        apis.addAll(topics());
        apis.addAll(configs());
        apis.addAll(others);
        return new ApiTable(
                ApiVersionsHandler.complete(apis, settings.finalizedFeatures(), metadata));
    }

    private List<Api<?>> records() {
        return List.of(
                // From 0 on, though 0 to 2 are refused: librdkafka does not compress otherwise.
                new Api<>(
                        ApiKeys.PRODUCE,
                        (short) 0,
                        ApiKeys.PRODUCE.latestVersion(),
                        ProduceRequest.class,
                        new ProduceHandler(logs, metadata, settings, clock)),
                Api.of(
                        ApiKeys.FETCH,
                        FetchRequest.class,
                        new FetchHandler(logs, metadata, settings, fetchBudget, fetchSessions)),
                Api.of(
                        ApiKeys.LIST_OFFSETS,
                        ListOffsetsRequest.class,
                        new ListOffsetsHandler(logs, metadata)),
                Api.of(
                        ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                        OffsetsForLeaderEpochRequest.class,
                        new OffsetForLeaderEpochHandler(logs, metadata)));
    }

    private List<Api<?>> cluster() {
        return List.of(
                Api.of(
                        ApiKeys.METADATA,
                        MetadataRequest.class,
                        new MetadataHandler(metadata, settings)),
                Api.of(
                        ApiKeys.DESCRIBE_CLUSTER,
                        DescribeClusterRequest.class,
                        new DescribeClusterHandler(metadata)),
                Api.of(
                        ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                        DescribeTopicPartitionsRequest.class,
                        new DescribeTopicPartitionsHandler(metadata, settings)));
    }

    /** Where partitions are, which is nobody's concern here. */
    private List<Api<?>> placement() {
        return List.of(
                Api.of(
                        ApiKeys.ELECT_LEADERS,
                        ElectLeadersRequest.class,
                        new ElectLeadersHandler(metadata)),
                Api.of(
                        ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                        AlterPartitionReassignmentsRequest.class,
                        new AlterPartitionReassignmentsHandler(metadata)),
                Api.of(
                        ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                        ListPartitionReassignmentsRequest.class,
                        new ListPartitionReassignmentsHandler()));
    }

    private static List<Api<?>> quotas() {
        return List.of(
                Api.of(
                        ApiKeys.DESCRIBE_CLIENT_QUOTAS,
                        DescribeClientQuotasRequest.class,
                        new DescribeClientQuotasHandler()),
                Api.of(
                        ApiKeys.ALTER_CLIENT_QUOTAS,
                        AlterClientQuotasRequest.class,
                        new AlterClientQuotasHandler()));
    }

    private List<Api<?>> topics() {
        TopicConfigs topicConfigs = new TopicConfigs(settings.topicDefaults());
        return List.of(
                Api.of(
                        ApiKeys.CREATE_TOPICS,
                        CreateTopicsRequest.class,
                        new CreateTopicsHandler(metadata, settings, topicConfigs)),
                Api.of(
                        ApiKeys.DELETE_TOPICS,
                        DeleteTopicsRequest.class,
                        new DeleteTopicsHandler(metadata)),
                Api.of(
                        ApiKeys.DELETE_RECORDS,
                        DeleteRecordsRequest.class,
                        new DeleteRecordsHandler(logs, metadata, topicConfigs)),
                Api.of(
                        ApiKeys.CREATE_PARTITIONS,
                        CreatePartitionsRequest.class,
                        new CreatePartitionsHandler(metadata, settings)));
    }

    private List<Api<?>> configs() {
        TopicConfigs topicConfigs = new TopicConfigs(settings.topicDefaults());
        Map<ConfigResource.Type, ConfigurableResources> resources =
                Map.of(
                        ConfigResource.Type.TOPIC,
                        new ConfigurableTopics(metadata, topicConfigs),
                        ConfigResource.Type.GROUP,
                        new ConfigurableGroups(groupConfigs));
        ConfigChanges changes = new ConfigChanges(resources);
        return List.of(
                Api.of(
                        ApiKeys.DESCRIBE_CONFIGS,
                        DescribeConfigsRequest.class,
                        new DescribeConfigsHandler(
                                metadata, resources, new BrokerConfigs(settings, topicConfigs))),
                Api.of(
                        ApiKeys.LIST_CONFIG_RESOURCES,
                        ListConfigResourcesRequest.class,
                        new ListConfigResourcesHandler(metadata, groupConfigs)),
                Api.of(
                        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                        IncrementalAlterConfigsRequest.class,
                        new IncrementalAlterConfigsHandler(changes)),
                Api.of(
                        ApiKeys.ALTER_CONFIGS,
                        AlterConfigsRequest.class,
                        new AlterConfigsHandler(changes)));
    }
}
