package io.fleuve.gateway.events;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A place in a JSON value: member names and array indexes from its root. */
record FieldPath(List<Step> steps) {

    /** One step down. */
    sealed interface Step {

        record Member(String name) implements Step {}

        record Element(int index) implements Step {}
    }

    /** What is there, or null if nothing is. */
    @Nullable JsonNode in(JsonNode root) {
        JsonNode current = root;
        for (Step step : steps) {
            JsonNode below =
                    switch (step) {
                        case Step.Member(String name) -> current.get(name);
                        case Step.Element(int index) -> current.get(index);
                    };
            if (below == null) {
                return null;
            }
            current = below;
        }
        return current;
    }
}
