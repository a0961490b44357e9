package io.fleuve.broker.protocol;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;

/** Resources of one kind, whose configurations can be changed while brokers run. */
interface ConfigurableResources {

    /**
     * What a resource has set itself.
     *
     * @throws ApiException if there is no such resource
     */
    Map<String, String> own(String resource);

    /**
     * Describes the configurations of a resource, in order of their names.
     *
     * @param wanted names to describe, all if null
     * @throws ApiException if there is no such resource
     */
    List<DescribedConfig> describe(String resource, @Nullable Set<String> wanted);

    /** The value of a configuration that a resource has not set; empty if there is none. */
    String inherited(String name);

    /** Whether that configuration takes a list, to which values can be appended. */
    boolean isList(String name);

    /**
     * Checks all configurations of a resource together.
     *
     * @throws ApiException if the resource must not have them
     */
    void check(String resource, Map<String, String> configs);

    /**
     * Sets configurations, or, where the value is empty, removes them.
     *
     * @throws ApiException if there is no such resource any more
     * @throws io.fleuve.broker.metadata.MetadataUnavailableException if the database does not
     *     answer (retriable)
     */
    void alter(String resource, Map<String, Optional<String>> changes);
}
