package io.fleuve.broker.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.broker.metadata.NewTopic;
import java.util.Map;
import org.apache.kafka.image.MetadataImage;
import org.junit.jupiter.api.Test;

class MetadataImagesTest {

    private final InMemoryCluster cluster = new InMemoryCluster();
    private final InMemoryBroker broker = cluster.addBroker(1);
    private final MetadataImages images = new MetadataImages();

    private MetadataImages.Update next() {
        return images.next(broker.current()).orElseThrow();
    }

    @Test
    void showsTopicsWithIdsAndPartitionCounts() {
        broker.createTopic(new NewTopic("a", 3, false, Map.of()));
        var id = broker.current().topic("a").orElseThrow().id();

        MetadataImage image = next().image();

        assertThat(image.topics().getTopic("a").partitions()).hasSize(3);
        assertThat(image.topics().getTopic("a").id().getMostSignificantBits())
                .isEqualTo(id.getMostSignificantBits());
        assertThat(image.offset()).isEqualTo(broker.current().version());
    }

    @Test
    void keepsQuietAboutNewLeaders() {
        broker.createTopic(new NewTopic("a", 3, false, Map.of()));
        next();

        cluster.moveLeadership(1);

        assertThat(images.next(broker.current())).isEmpty();
    }

    @Test
    void tellsADeletedTopicFromItsSuccessorOfTheSameName() {
        broker.createTopic(new NewTopic("a", 3, false, Map.of()));
        var before = next().image().topics().getTopic("a").id();
        broker.deleteTopic(broker.current().topic("a").orElseThrow().id());
        broker.createTopic(new NewTopic("a", 5, false, Map.of()));

        var update = next();

        assertThat(update.delta().topicsDelta().deletedTopicIds()).containsExactly(before);
        assertThat(update.image().topics().getTopic("a").id()).isNotEqualTo(before);
        assertThat(update.image().topics().getTopic("a").partitions()).hasSize(5);
        assertThat(update.image().topics().getTopic(before)).isNull();
    }

    @Test
    void publishesTheFirstImageEvenWithoutTopics() {
        assertThat(next().image().topics().topicsByName()).isEmpty();
        assertThat(images.next(broker.current())).isEmpty();
    }
}
