package io.fleuve.gateway.consumers;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * All that another gateway needs to make the same consumer anew: a value of the topic of instances.
 *
 * @param uid tells an instance from earlier ones of the same name; the consumer's {@code
 *     group.instance.id}
 * @param generation counts owners; see {@link OwnershipView}
 * @param owner who runs the consumer, or null after a clean shutdown
 */
record InstanceDescription(
        InstanceId id,
        String uid,
        int generation,
        @Nullable Owner owner,
        InstanceConfig config,
        Interest interest) {

    /**
     * A gateway.
     *
     * @param gateway unique to one life of its process
     * @param url where other gateways reach it
     */
    record Owner(String gateway, URI url) {}

    boolean isOwnedBy(String gateway) {
        return owner != null && owner.gateway().equals(gateway);
    }

    /** The same under a new owner, or under none. */
    InstanceDescription passedTo(@Nullable Owner next) {
        return new InstanceDescription(id, uid, generation + 1, next, config, interest);
    }

    InstanceDescription with(Interest next) {
        return new InstanceDescription(id, uid, generation, owner, config, next);
    }
}
