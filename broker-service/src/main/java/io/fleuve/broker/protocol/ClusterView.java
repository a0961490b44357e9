package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.metadata.TopicImage;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as one request sees it: the image in memory, read anew at most once, when something
 * that was asked for is not in it. Used by one thread at a time.
 */
final class ClusterView {

    /** Where a partition is, or why that cannot be told. */
    sealed interface Location {

        /** The partition is there. */
        record Found(TopicImage topic, PartitionImage partition) implements Location {}

        /** It is not, or the client knows an older or a newer leader. */
        record Missing(Errors error) implements Location {}
    }

    /** A client that does not know leader epochs. */
    static final int ANY_EPOCH = -1;

    private final ClusterMetadata metadata;
    private ClusterImage image;
    private boolean refreshed;

    ClusterView(ClusterMetadata metadata) {
        this.metadata = metadata;
        image = metadata.current();
    }

    ClusterImage image() {
        return image;
    }

    Optional<TopicImage> topic(String name) {
        Optional<TopicImage> known = image.topic(name);
        return known.isPresent() || !refresh() ? known : image.topic(name);
    }

    Optional<TopicImage> topic(Uuid id) {
        UUID wanted = toJava(id);
        Optional<TopicImage> known = image.topic(wanted);
        return known.isPresent() || !refresh() ? known : image.topic(wanted);
    }

    /** Whether a broker of that id is alive. */
    boolean hasBroker(int id) {
        return image.brokers().containsKey(id) || refresh() && image.brokers().containsKey(id);
    }

    /** A topic by what the request names it with: the id if there is one, the name otherwise. */
    Optional<TopicImage> topic(@Nullable String name, Uuid id) {
        if (!id.equals(Uuid.ZERO_UUID)) {
            return topic(id);
        }
        return name == null ? Optional.empty() : topic(name);
    }

    /**
     * Finds a partition and compares leader epochs (KIP-320).
     *
     * @param epoch the leader epoch that the client knows, or {@link #ANY_EPOCH}
     */
    Location locate(@Nullable String name, Uuid id, int index, int epoch) {
        boolean byId = !id.equals(Uuid.ZERO_UUID);
        Optional<TopicImage> topic = topic(name, id);
        if (topic.isEmpty()) {
            return new Location.Missing(
                    byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        Optional<PartitionImage> partition = topic.get().partition(index);
        boolean behind = partition.isEmpty() || partition.get().leaderEpoch() < epoch;
        if (behind && refresh()) {
            return locate(name, id, index, epoch);
        }
        if (partition.isEmpty()) {
            return new Location.Missing(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        int current = partition.get().leaderEpoch();
        if (epoch != ANY_EPOCH && epoch > current) {
            return new Location.Missing(Errors.UNKNOWN_LEADER_EPOCH);
        }
        if (epoch != ANY_EPOCH && epoch < current) {
            return new Location.Missing(Errors.FENCED_LEADER_EPOCH);
        }
        return new Location.Found(topic.get(), partition.get());
    }

    /**
     * Reads the image anew, unless this request has done so before.
     *
     * @return whether it is worth looking again
     */
    boolean refresh() {
        if (refreshed) {
            return false;
        }
        refreshed = true;
        try {
            image = metadata.refresh();
            return true;
        } catch (MetadataUnavailableException _) {
            // What is not known stays unknown, which clients retry; what is known is still served.
            return false;
        }
    }

    static UUID toJava(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    static Uuid toKafka(UUID id) {
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
