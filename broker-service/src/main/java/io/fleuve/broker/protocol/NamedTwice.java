package io.fleuve.broker.protocol;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/**
 * Resources that a request names more than once. Which of their changes is meant cannot be known,
 * and an answer can tell only one outcome of each: so they are refused, once.
 */
final class NamedTwice {

    private static final ApiError REFUSAL =
            new ApiError(
                    Errors.INVALID_REQUEST, "each resource must be in the request at most once");

    private final Set<ConfigResource> resources = new HashSet<>();
    private final Set<ConfigResource> refused = new HashSet<>();

    NamedTwice(Stream<ConfigResource> named) {
        Set<ConfigResource> seen = new HashSet<>();
        named.filter(resource -> !seen.add(resource)).forEach(resources::add);
    }

    static ConfigResource resource(byte type, String name) {
        return new ConfigResource(ConfigResource.Type.forId(type), name);
    }

    boolean contains(ConfigResource resource) {
        return resources.contains(resource);
    }

    /** Whether the refusal of this one has still to be said. */
    boolean isToBeRefused(ConfigResource resource) {
        return refused.add(resource);
    }

    ApiError refusal() {
        return REFUSAL;
    }
}
