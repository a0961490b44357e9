package io.fleuve.conformance.fuzz;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * What a client could put into a field, by the field's name: topics and partitions that exist,
 * groups, short times. So that requests get past the first check, and mutated ones meet the others.
 */
final class PlausibleValues {

    /** Topics that exist. Whatever has another name is deleted during a run. */
    static final List<String> TOPICS = List.of("fuzz-0", "fuzz-1", "fuzz-2");

    static final int PARTITIONS = 4;

    private static final List<String> CONFIGS =
            List.of("retention.ms", "cleanup.policy", "max.message.bytes", "no.such.config");
    private static final List<String> PROTOCOLS = List.of("range", "roundrobin", "sticky");
    private static final Set<String> NEVER_EMPTY =
            Set.of(
                    "topics",
                    "partitions",
                    "topic_data",
                    "partition_data",
                    "resources",
                    "protocols");
    private static final Set<ApiKeys> MAKING =
            Set.of(ApiKeys.CREATE_TOPICS, ApiKeys.DELETE_TOPICS, ApiKeys.CREATE_PARTITIONS);
    private static final int MADE = 50;
    private static final int GROUPS = 100;

    private final SplittableRandom random;
    private final List<Uuid> topicIds;
    private final String groups;
    private final long nowMs;

    /**
     * @param topicIds ids of {@link #TOPICS}
     * @param groups how the names of groups begin
     */
    PlausibleValues(SplittableRandom random, List<Uuid> topicIds, String groups, long nowMs) {
        this.random = random;
        this.topicIds = topicIds;
        this.groups = groups;
        this.nowMs = nowMs;
    }

    boolean needsElements(String field) {
        return NEVER_EMPTY.contains(field);
    }

    Uuid topicId(ApiKeys api) {
        // Ids delete: not those that the run needs.
        return MAKING.contains(api) || random.nextInt(10) == 0
                ? new Uuid(random.nextLong(), random.nextLong())
                : any(topicIds);
    }

    byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return bytes;
    }

    @Nullable String text(ApiKeys api, String parent, String field, boolean nullable) {
        if (field.equals("transactional_id")) {
            return nullable && random.nextInt(50) > 0 ? null : "transaction-" + random.nextInt(4);
        }
        if (nullable && random.nextInt(6) == 0) {
            return null;
        }
        if (parent.startsWith("config")) {
            return field.equals("value") ? Integer.toString(random.nextInt(100_000)) : any(CONFIGS);
        }
        return switch (field) {
            case "group_id",
                    "group",
                    "groups",
                    "groups_names",
                    "group_ids",
                    "key",
                    "coordinator_keys" ->
                    groups + random.nextInt(GROUPS);
            case "member_id" -> random.nextInt(3) > 0 ? "" : "member-" + random.nextInt(5);
            case "protocol_type" -> "consumer";
            case "protocol_name", "server_assignor" -> "range";
            case "client_software_name" -> "fuzz";
            case "states_filter" -> "Stable";
            case "types_filter" -> "classic";
            case "resource_name" -> random.nextInt(3) > 0 ? any(TOPICS) : "1";
            case "name" -> parent.equals("protocols") ? any(PROTOCOLS) : topic(api);
            case "topic", "topics", "topic_name", "topic_names", "subscribed_topic_names" ->
                    topic(api);
            default -> "word-" + random.nextInt(100);
        };
    }

    private String topic(ApiKeys api) {
        return MAKING.contains(api) || random.nextInt(50) == 0
                ? "made-" + random.nextInt(MADE)
                : any(TOPICS);
    }

    long number(String field) {
        return switch (field) {
            case "partition_index", "partition", "partitions", "partition_indexes", "index" ->
                    random.nextInt(PARTITIONS + 1);
            case "num_partitions", "count" -> 1 + random.nextInt(PARTITIONS);
            case "timeout_ms", "max_wait_ms" -> random.nextInt(20);
            case "session_timeout_ms" -> 6_000 + random.nextInt(1_000);
            case "rebalance_timeout_ms" -> 50 + random.nextInt(100);
            case "min_bytes" -> random.nextInt(2);
            case "max_bytes", "partition_max_bytes" -> random.nextInt(10_000);
            case "replica_id", "current_leader_epoch", "leader_epoch", "last_fetched_epoch" -> -1;
            case "replication_factor" -> 1;
            case "acks" -> random.nextInt(20) == 0 ? 0 : random.nextInt(2) * 2 - 1;
            case "resource_type" -> random.nextInt(3) > 0 ? 2 : 4;
            case "session_id" -> 0;
            case "session_epoch" -> -1;
            case "generation_id", "generation_id_or_member_epoch", "member_epoch" ->
                    random.nextInt(4) - 1;
            case "producer_id", "producer_epoch" -> -1;
            case "timestamp" -> random.nextInt(2) == 0 ? -1 - random.nextInt(3) : nowMs;
            case "key_type", "isolation_level", "config_operation" -> random.nextInt(2);
            case "expiration_time_ms", "retention_time_ms", "commit_timestamp" -> -1;
            default -> random.nextInt(100);
        };
    }

    private <T> T any(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
