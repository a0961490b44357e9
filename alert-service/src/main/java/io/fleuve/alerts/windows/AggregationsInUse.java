package io.fleuve.alerts.windows;

import java.util.Set;

/** The aggregations that somebody asks for now. */
public interface AggregationsInUse {

    /** All of them. */
    Set<Aggregation> current();

    /** Changes whenever they do. */
    long version();
}
