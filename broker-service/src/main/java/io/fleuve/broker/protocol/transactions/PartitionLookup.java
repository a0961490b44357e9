package io.fleuve.broker.protocol.transactions;

import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.metadata.TopicImage;
import java.util.Optional;

/** Topics by name, read anew if one is not known. */
final class PartitionLookup {

    private final ClusterMetadata metadata;

    PartitionLookup(ClusterMetadata metadata) {
        this.metadata = metadata;
    }

    Optional<TopicImage> topic(String name) {
        Optional<TopicImage> known = metadata.current().topic(name);
        if (known.isPresent()) {
            return known;
        }
        try {
            return metadata.refresh().topic(name);
        } catch (MetadataUnavailableException _) {
            return Optional.empty();
        }
    }
}
