package io.fleuve.gateway.console;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.kafka.ClusterSurvey;
import io.fleuve.gateway.kafka.ClusterSurvey.TopicState;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The bodies of the console's answers, and how what is known becomes them. */
final class ConsoleData {

    private ConsoleData() {}

    @Schema(name = "ConsoleBroker")
    record Broker(
            @JsonProperty("id") int id,
            @JsonProperty("host") String host,
            @JsonProperty("port") int port,
            @JsonProperty("controller") boolean controller) {}

    /** Columns of the charts: one entry an interval, oldest first. */
    record History(
            @JsonProperty("at_ms") List<Long> atMs,
            @JsonProperty("messages_per_second") List<Double> messagesPerSecond,
            @JsonProperty("bytes_per_second") List<@Nullable Double> bytesPerSecond,
            @JsonProperty("broker_ms") List<Double> brokerMs,
            @JsonProperty("produce_ms") List<@Nullable Double> produceMs,
            @JsonProperty("lag") List<Long> lag) {}

    /**
     * The cluster at a glance.
     *
     * @param failure why the latest look failed; null if it did not. The rest is then as last seen.
     * @param sampledAt null if no broker has answered yet, as is all that a broker would tell
     * @param bytes size of one replica of everything
     */
    record Overview(
            @JsonProperty("version") String version,
            @JsonProperty("interval_ms") long intervalMs,
            @JsonProperty("failure") @Nullable String failure,
            @JsonProperty("sampled_at") @Nullable String sampledAt,
            @JsonProperty("cluster_id") @Nullable String clusterId,
            @JsonProperty("brokers") List<Broker> brokers,
            @JsonProperty("topics") int topics,
            @JsonProperty("partitions") int partitions,
            @JsonProperty("messages") long messages,
            @JsonProperty("bytes") @Nullable Long bytes,
            @JsonProperty("groups") int groups,
            @JsonProperty("lag") long lag,
            @JsonProperty("messages_per_second") @Nullable Double messagesPerSecond,
            @JsonProperty("bytes_per_second") @Nullable Double bytesPerSecond,
            @JsonProperty("broker_ms") @Nullable Double brokerMs,
            @JsonProperty("produce_ms") @Nullable Double produceMs,
            @JsonProperty("history") History history) {}

    /**
     * A topic.
     *
     * @param recent messages a second of the latest intervals, oldest first
     */
    @Schema(name = "ConsoleTopic")
    record Topic(
            @JsonProperty("name") String name,
            @JsonProperty("partitions") int partitions,
            @JsonProperty("replication_factor") int replicationFactor,
            @JsonProperty("messages") @Nullable Long messages,
            @JsonProperty("bytes") @Nullable Long bytes,
            @JsonProperty("messages_per_second") @Nullable Double messagesPerSecond,
            @JsonProperty("recent") List<Double> recent) {}

    record Topics(
            @JsonProperty("failure") @Nullable String failure,
            @JsonProperty("sampled_at") @Nullable String sampledAt,
            @JsonProperty("cluster_id") @Nullable String clusterId,
            @JsonProperty("topics") List<Topic> topics) {}

    @Schema(name = "ConsoleGroup")
    record Group(
            @JsonProperty("id") String id,
            @JsonProperty("state") String state,
            @JsonProperty("type") String type,
            @JsonProperty("members") int members,
            @JsonProperty("topics") List<String> topics,
            @JsonProperty("lag") long lag) {}

    record Groups(
            @JsonProperty("failure") @Nullable String failure,
            @JsonProperty("sampled_at") @Nullable String sampledAt,
            @JsonProperty("cluster_id") @Nullable String clusterId,
            @JsonProperty("groups") List<Group> groups) {}

    /**
     * The alerts.
     *
     * @param failure why there are none to be had; null if the alert service answered
     */
    record Alerts(
            @JsonProperty("failure") @Nullable String failure,
            @JsonProperty("alerts") JsonNode alerts) {}

    static Overview overview(Telemetry.View view, String version, long intervalMs) {
        ClusterSurvey.Result survey = view.survey();
        List<TopicState> topics = survey == null ? List.of() : survey.topics();
        List<ClusterSurvey.Group> groups = survey == null ? List.of() : survey.groups();
        Telemetry.Point now = view.points().isEmpty() ? null : view.points().getLast();
        return new Overview(
                version,
                intervalMs,
                view.failure(),
                sampledAt(view),
                survey == null ? null : survey.clusterId(),
                survey == null ? List.of() : brokers(survey),
                topics.size(),
                topics.stream().mapToInt(TopicState::partitions).sum(),
                topics.stream().mapToLong(t -> t.messages() == null ? 0 : t.messages()).sum(),
                survey == null ? null : Telemetry.totalBytes(survey),
                groups.size(),
                groups.stream().mapToLong(ClusterSurvey.Group::lag).sum(),
                now == null ? null : now.messagesPerSecond(),
                now == null ? null : now.bytesPerSecond(),
                survey == null ? null : survey.answeredIn().toNanos() / 1e6,
                now == null ? null : now.produceMillis(),
                history(view.points()));
    }

    private static List<Broker> brokers(ClusterSurvey.Result survey) {
        Integer controller = survey.controller();
        return survey.brokers().stream()
                .map(
                        node ->
                                new Broker(
                                        node.id(),
                                        node.host(),
                                        node.port(),
                                        controller != null && controller == node.id()))
                .toList();
    }

    private static History history(List<Telemetry.Point> points) {
        return new History(
                points.stream().map(Telemetry.Point::atMs).toList(),
                points.stream().map(Telemetry.Point::messagesPerSecond).toList(),
                points.stream().<@Nullable Double>map(Telemetry.Point::bytesPerSecond).toList(),
                points.stream().map(Telemetry.Point::brokerMillis).toList(),
                points.stream().<@Nullable Double>map(Telemetry.Point::produceMillis).toList(),
                points.stream().map(Telemetry.Point::lag).toList());
    }

    static Topics topics(Telemetry.View view) {
        ClusterSurvey.Result survey = view.survey();
        return new Topics(
                view.failure(),
                sampledAt(view),
                survey == null ? null : survey.clusterId(),
                survey == null
                        ? List.of()
                        : survey.topics().stream().map(topic -> topic(view, topic)).toList());
    }

    private static Topic topic(Telemetry.View view, TopicState topic) {
        List<Double> recent = view.topicRates().getOrDefault(topic.name(), List.of());
        return new Topic(
                topic.name(),
                topic.partitions(),
                topic.replicationFactor(),
                topic.messages(),
                topic.bytes(),
                recent.isEmpty() ? null : recent.getLast(),
                recent);
    }

    static Groups groups(Telemetry.View view) {
        ClusterSurvey.Result survey = view.survey();
        return new Groups(
                view.failure(),
                sampledAt(view),
                survey == null ? null : survey.clusterId(),
                survey == null
                        ? List.of()
                        : survey.groups().stream()
                                .map(
                                        g ->
                                                new Group(
                                                        g.id(),
                                                        g.state(),
                                                        g.type(),
                                                        g.members(),
                                                        g.topics(),
                                                        g.lag()))
                                .toList());
    }

    private static @Nullable String sampledAt(Telemetry.View view) {
        return view.survey() == null ? null : Instant.ofEpochMilli(view.atMs()).toString();
    }
}
