package io.fleuve.broker.protocol.groups;

import io.fleuve.broker.metadata.BrokerImage;
import java.util.Optional;

/** Knows which broker coordinates what a key names: a group, a transactional id. */
@FunctionalInterface
public interface CoordinatorLocator {

    /**
     * The coordinator for this key, or empty while there is none.
     *
     * @throws io.fleuve.broker.metadata.MetadataUnavailableException if the database does not
     *     answer (retriable)
     */
    Optional<BrokerImage> locate(String key);
}
