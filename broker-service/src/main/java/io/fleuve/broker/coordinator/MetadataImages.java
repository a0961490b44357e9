package io.fleuve.broker.coordinator;

import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.TopicImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;

/**
 * Translates the cluster's images into the library's: topics, their ids and partition counts,
 * nothing else, since groups depend on nothing else. Used by one thread.
 *
 * <p>Leaders are left out on purpose: a leader is a hint here, and each change of it would wake up
 * every group.
 */
final class MetadataImages {

    private Map<UUID, TopicImage> known = Map.of();
    private MetadataImage image = MetadataImage.EMPTY;
    private boolean first = true;

    /** What has changed, and the state after it. */
    record Update(MetadataDelta delta, MetadataImage image) {}

    /** The way from the last image to this one; empty if it makes no difference to groups. */
    Optional<Update> next(ClusterImage cluster) {
        MetadataDelta delta = new MetadataDelta.Builder().setImage(image).build();
        boolean changed = first;
        for (TopicImage topic : known.values()) {
            if (!cluster.topicsById().containsKey(topic.id())) {
                delta.replay(new RemoveTopicRecord().setTopicId(uuid(topic.id())));
                changed = true;
            }
        }
        for (TopicImage topic : cluster.topicsById().values()) {
            changed |= replayTopic(delta, topic);
        }
        known = Map.copyOf(cluster.topicsById());
        if (!changed) {
            return Optional.empty();
        }
        first = false;
        image = delta.apply(new MetadataProvenance(cluster.version(), 0, 0, true));
        return Optional.of(new Update(delta, image));
    }

    private boolean replayTopic(MetadataDelta delta, TopicImage topic) {
        TopicImage before = known.get(topic.id());
        int from = before == null ? 0 : before.partitions().size();
        if (before == null) {
            delta.replay(new TopicRecord().setName(topic.name()).setTopicId(uuid(topic.id())));
        }
        for (int index = from; index < topic.partitions().size(); index++) {
            delta.replay(
                    new PartitionRecord()
                            .setTopicId(uuid(topic.id()))
                            .setPartitionId(index)
                            .setReplicas(List.of(0))
                            .setIsr(List.of(0))
                            .setLeader(0)
                            .setLeaderEpoch(0)
                            .setPartitionEpoch(0));
        }
        return from < topic.partitions().size() || before == null;
    }

    private static Uuid uuid(UUID id) {
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
