package io.fleuve.gateway.examples;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Requests that follow one another, each with the answer that the documentation shows.
 *
 * @param notByFleuve why Fleuve's brokers do not do what the example needs, or null if they do
 */
public record Example(String name, @Nullable String notByFleuve, List<Step> steps) {

    /**
     * One request.
     *
     * @param body as it is sent, or null for none
     * @param status the status that is expected
     * @param answerHeaders patterns of headers that are expected
     * @param answer a {@link Pattern} of the body, or null if it must be empty
     * @param capture names for parts of the answer, by JSON pointer, for steps to come
     * @param eventually whether the answer may be another one for a while
     */
    record Step(
            String method,
            String path,
            Map<String, String> headers,
            @Nullable String body,
            int status,
            Map<String, String> answerHeaders,
            @Nullable JsonNode answer,
            Map<String, String> capture,
            boolean eventually) {}

    @Override
    public String toString() {
        return name;
    }
}
