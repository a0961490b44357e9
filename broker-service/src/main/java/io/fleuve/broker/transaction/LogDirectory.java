package io.fleuve.broker.transaction;

import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.metadata.TopicImage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which partition a log is of. Made anew when the cluster's metadata has changed. */
public final class LogDirectory {

    private final ClusterMetadata metadata;
    private volatile Snapshot snapshot = new Snapshot(-1, Map.of());

    public LogDirectory(ClusterMetadata metadata) {
        this.metadata = metadata;
    }

    /** A partition and its topic. */
    public record Place(TopicImage topic, PartitionImage partition) {}

    /** The partition of a log; empty if its topic was deleted. */
    public Optional<Place> find(long logId) {
        Place known = placesIn(metadata.current()).get(logId);
        if (known == null) {
            try {
                known = placesIn(metadata.refresh()).get(logId);
            } catch (MetadataUnavailableException _) {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(known);
    }

    private Map<Long, Place> placesIn(ClusterImage image) {
        Snapshot known = snapshot;
        if (known.version != image.version()) {
            Map<Long, Place> places = new HashMap<>();
            for (TopicImage topic : image.topics().values()) {
                for (PartitionImage partition : topic.partitions()) {
                    places.put(partition.logId(), new Place(topic, partition));
                }
            }
            known = new Snapshot(image.version(), places);
            snapshot = known;
        }
        return known.places;
    }

    private record Snapshot(long version, Map<Long, Place> places) {}
}
