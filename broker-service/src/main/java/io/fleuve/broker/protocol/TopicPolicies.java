package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.TopicImage;
import io.fleuve.broker.upkeep.LogPolicy;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.storage.internals.log.LogConfig;

/** What topics' configurations say about the upkeep of their logs, in Kafka's own terms. */
public final class TopicPolicies implements LogPolicy.Reader {

    private final TopicConfigs configs;

    /**
     * @param topicDefaults configurations of topics that do not set their own
     */
    public TopicPolicies(Map<String, String> topicDefaults) {
        configs = new TopicConfigs(topicDefaults);
    }

    @Override
    public LogPolicy of(TopicImage topic) {
        LogConfig config = new LogConfig(configs.effective(topic.configs()));
        return new LogPolicy(
                config.delete,
                config.compact,
                limit(config.retentionMs),
                limit(config.retentionSize),
                config.deleteRetentionMs,
                config.compactionLagMs,
                config.maxCompactionLagMs,
                config.minCleanableRatio);
    }

    private static OptionalLong limit(long value) {
        return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
