package io.fleuve.gateway.events;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A condition on one field of a record's JSON value, such as {@code celsius>=30}. */
record FieldFilter(FieldPath path, Comparison comparison, JsonNode constant) {

    /** Whether {@code value} fulfils it; one that is not JSON, null here, never does. */
    boolean test(@Nullable JsonNode value) {
        return value != null && comparison.holds(path.in(value), constant);
    }
}
