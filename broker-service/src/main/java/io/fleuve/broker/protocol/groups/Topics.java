package io.fleuve.broker.protocol.groups;

import io.fleuve.broker.coordinator.GroupCoordinatorHost;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.TopicImage;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.Uuid;

/**
 * Finds topics by name or id. A topic that this broker does not know may have been created by
 * another one just now, so it looks again before it says no.
 */
final class Topics {

    private final ClusterMetadata metadata;
    private final GroupCoordinatorHost host;

    Topics(ClusterMetadata metadata, GroupCoordinatorHost host) {
        this.metadata = metadata;
        this.host = host;
    }

    Optional<TopicImage> find(String name) {
        return metadata.current().topic(name).or(() -> host.refresh().topic(name));
    }

    Optional<TopicImage> find(Uuid id) {
        UUID uuid = new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
        return metadata.current().topic(uuid).or(() -> host.refresh().topic(uuid));
    }

    /** By name, without looking again: never blocks. */
    Optional<TopicImage> findKnown(String name) {
        return metadata.current().topic(name);
    }

    static Uuid idOf(TopicImage topic) {
        return new Uuid(topic.id().getMostSignificantBits(), topic.id().getLeastSignificantBits());
    }
}
