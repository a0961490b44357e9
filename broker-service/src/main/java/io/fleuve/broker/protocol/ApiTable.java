package io.fleuve.broker.protocol;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * The APIs that are served: the one table that both dispatch and the advertised versions come from.
 */
public final class ApiTable {

    private final Map<ApiKeys, Api<?>> apis = new EnumMap<>(ApiKeys.class);

    /**
     * A table of these APIs.
     *
     * @throws IllegalArgumentException if an API is listed twice
     */
    public ApiTable(List<Api<?>> apis) {
        for (Api<?> api : apis) {
            if (this.apis.putIfAbsent(api.key(), api) != null) {
                throw new IllegalArgumentException("API listed twice: " + api.key());
            }
        }
    }

    /** The API if it is served, at whatever version. */
    public Optional<Api<?>> find(ApiKeys key) {
        return Optional.ofNullable(apis.get(key));
    }

    /** All APIs, in order of their keys. */
    public Collection<Api<?>> all() {
        return apis.values();
    }
}
