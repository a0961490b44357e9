package io.fleuve.alerts.windows;

import java.util.Set;

/**
 * The aggregations that somebody asks for now, besides the service's own windows. Asked every few
 * seconds, on all instances.
 */
public interface AggregationsInUse {

    /**
     * All of them.
     *
     * @throws RuntimeException if they cannot be known now; who asks keeps to what was known
     */
    Set<Aggregation> current();

    /** Changes whenever they do. */
    long version();
}
