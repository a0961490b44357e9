package io.fleuve.gateway.v3;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.jspecify.annotations.Nullable;

/** The bodies of v3 answers. A member that is null is written as null unless it says otherwise. */
final class Resources {

    private Resources() {}

    record Metadata(
            @JsonProperty("self") String self,
            @JsonProperty("resource_name") String resourceName) {}

    record ListMetadata(
            @JsonProperty("self") String self, @JsonProperty("next") @Nullable String next) {}

    record Related(@JsonProperty("related") String related) {}

    record ResourceList<T>(
            @JsonProperty("kind") String kind,
            @JsonProperty("metadata") ListMetadata metadata,
            @JsonProperty("data") List<T> data) {

        static <T> ResourceList<T> of(String kind, String self, List<T> data) {
            return new ResourceList<>(kind, new ListMetadata(self, null), data);
        }
    }

    record ClusterData(
            @JsonProperty("kind") String kind,
            @JsonProperty("metadata") Metadata metadata,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("controller") @Nullable Related controller,
            @JsonProperty("acls") Related acls,
            @JsonProperty("brokers") Related brokers,
            @JsonProperty("broker_configs") Related brokerConfigs,
            @JsonProperty("consumer_groups") Related consumerGroups,
            @JsonProperty("topics") Related topics,
            @JsonProperty("partition_reassignments") Related partitionReassignments) {}

    record BrokerData(
            @JsonProperty("kind") String kind,
            @JsonProperty("metadata") Metadata metadata,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("broker_id") int brokerId,
            @JsonProperty("host") @Nullable String host,
            @JsonProperty("port") @Nullable Integer port,
            @JsonProperty("rack") @Nullable String rack,
            @JsonProperty("configs") Related configs,
            @JsonProperty("partition_replicas") Related partitionReplicas) {}

    record TopicData(
            @JsonProperty("kind") String kind,
            @JsonProperty("metadata") Metadata metadata,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("is_internal") boolean internal,
            @JsonProperty("replication_factor") int replicationFactor,
            @JsonProperty("partitions_count") int partitionsCount,
            @JsonProperty("partitions") Related partitions,
            @JsonProperty("configs") Related configs,
            @JsonProperty("partition_reassignments") Related partitionReassignments,
            @JsonProperty("authorized_operations") List<String> authorizedOperations) {}

    record PartitionData(
            @JsonProperty("kind") String kind,
            @JsonProperty("metadata") Metadata metadata,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partition_id") int partitionId,
            @JsonProperty("leader") @Nullable Related leader,
            @JsonProperty("replicas") Related replicas,
            @JsonProperty("reassignment") Related reassignment) {}

    record ConfigSynonym(
            @JsonProperty("name") String name,
            @JsonProperty("value") @Nullable String value,
            @JsonProperty("source") String source) {

        static List<ConfigSynonym> of(ConfigEntry entry) {
            return entry.synonyms().stream()
                    .map(s -> new ConfigSynonym(s.name(), s.value(), s.source().name()))
                    .toList();
        }
    }

    record TopicConfigData(
            @JsonProperty("kind") String kind,
            @JsonProperty("metadata") Metadata metadata,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("name") String name,
            @JsonProperty("value") @Nullable String value,
            @JsonProperty("is_default") boolean isDefault,
            @JsonProperty("is_read_only") boolean isReadOnly,
            @JsonProperty("is_sensitive") boolean isSensitive,
            @JsonProperty("source") String source,
            @JsonProperty("synonyms") List<ConfigSynonym> synonyms,
            @JsonProperty("topic_name") String topicName) {}

    record ConsumerGroupData(
            @JsonProperty("kind") String kind,
            @JsonProperty("metadata") Metadata metadata,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("consumer_group_id") String consumerGroupId,
            @JsonProperty("is_simple") boolean isSimple,
            @JsonProperty("partition_assignor") String partitionAssignor,
            @JsonProperty("state") String state,
            @JsonProperty("type") String type,
            @JsonProperty("is_mixed_consumer_group") boolean isMixed,
            @JsonProperty("coordinator") Related coordinator,
            @JsonProperty("consumers") Related consumers,
            @JsonProperty("lag_summary") Related lagSummary) {}

    record ConsumerLagData(
            @JsonProperty("kind") String kind,
            @JsonProperty("metadata") Metadata metadata,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("consumer_group_id") String consumerGroupId,
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partition_id") int partitionId,
            @JsonProperty("consumer_id") String consumerId,
            @JsonProperty("instance_id") @Nullable String instanceId,
            @JsonProperty("client_id") String clientId,
            @JsonProperty("current_offset") long currentOffset,
            @JsonProperty("log_end_offset") long logEndOffset,
            @JsonProperty("lag") long lag) {}

    record LagSummaryData(
            @JsonProperty("kind") String kind,
            @JsonProperty("metadata") Metadata metadata,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("consumer_group_id") String consumerGroupId,
            @JsonProperty("max_lag") long maxLag,
            @JsonProperty("total_lag") long totalLag,
            @JsonProperty("max_lag_consumer_id") String maxLagConsumerId,
            @JsonProperty("max_lag_consumer") Related maxLagConsumer,
            @JsonProperty("max_lag_client_id") String maxLagClientId,
            @JsonProperty("max_lag_instance_id") @Nullable String maxLagInstanceId,
            @JsonProperty("max_lag_topic_name") String maxLagTopicName,
            @JsonProperty("max_lag_partition_id") int maxLagPartitionId,
            @JsonProperty("max_lag_partition") Related maxLagPartition) {}

    /** The type and size of a key or value that was produced. */
    record ProducedData(@JsonProperty("type") String type, @JsonProperty("size") int size) {}

    /** What became of one record of a stream; absent members are left out. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ProduceReceipt(
            @JsonProperty("error_code") int errorCode,
            @JsonProperty("message") @Nullable String message,
            @JsonProperty("cluster_id") @Nullable String clusterId,
            @JsonProperty("topic_name") @Nullable String topicName,
            @JsonProperty("partition_id") @Nullable Integer partitionId,
            @JsonProperty("offset") @Nullable Long offset,
            @JsonProperty("timestamp") @Nullable String timestamp,
            @JsonProperty("key") @Nullable ProducedData key,
            @JsonProperty("value") @Nullable ProducedData value) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BatchSuccess(
            @JsonProperty("id") String id,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partition_id") int partitionId,
            @JsonProperty("offset") long offset,
            @JsonProperty("timestamp") @Nullable String timestamp,
            @JsonProperty("key") @Nullable ProducedData key,
            @JsonProperty("value") @Nullable ProducedData value) {}

    record BatchFailure(
            @JsonProperty("id") String id,
            @JsonProperty("error_code") int errorCode,
            @JsonProperty("message") String message) {}

    record BatchAnswer(
            @JsonProperty("successes") List<BatchSuccess> successes,
            @JsonProperty("failures") List<BatchFailure> failures) {}
}
