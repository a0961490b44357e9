package io.fleuve.broker.protocol;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * A configuration with all its values.
 *
 * @param type Kafka's name of the type
 * @param values the winning one first; at least one
 */
record DescribedConfig(String name, ConfigDef.Type type, String documentation, List<Value> values) {

    /**
     * A value, and where it comes from.
     *
     * @param name what the configuration is called there
     */
    record Value(String name, @Nullable String value, ConfigSource source) {}

    Value value() {
        return values.getFirst();
    }
}
