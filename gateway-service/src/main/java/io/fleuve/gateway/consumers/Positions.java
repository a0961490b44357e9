package io.fleuve.gateway.consumers;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Moves a consumer and the delivery of its records together. */
final class Positions {

    private final DeliveryBuffer buffer;
    private final Duration timeout;

    Positions(DeliveryBuffer buffer, Duration timeout) {
        this.buffer = buffer;
        this.timeout = timeout;
    }

    void seek(Consumer<byte[], byte[]> consumer, Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach(
                (partition, offset) -> {
                    consumer.seek(partition, offset);
                    buffer.moveTo(partition, offset.offset(), offset.metadata());
                });
    }

    void seekToTimes(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> timestampsMs) {
        Map<TopicPartition, @Nullable OffsetAndTimestamp> found =
                new HashMap<>(consumer.offsetsForTimes(timestampsMs, timeout));
        for (TopicPartition partition : timestampsMs.keySet()) {
            OffsetAndTimestamp first = found.get(partition);
            if (first == null) {
                consumer.seekToEnd(List.of(partition));
            } else {
                consumer.seek(partition, first.offset());
            }
            learn(consumer, List.of(partition));
        }
    }

    void seekToBeginning(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        consumer.seekToBeginning(partitions);
        learn(consumer, partitions.isEmpty() ? consumer.assignment() : partitions);
    }

    void seekToEnd(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        consumer.seekToEnd(partitions);
        learn(consumer, partitions.isEmpty() ? consumer.assignment() : partitions);
    }

    // Kafka's client would look the place up at the next poll. By then "the end" would be another.
    private void learn(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            buffer.moveTo(partition, consumer.position(partition, timeout), "");
        }
    }

    /**
     * Learns where a partition without records is. Committing that too means that a consumer made
     * anew does not begin at the end of a partition that has got its first records meanwhile.
     */
    void learnUnknown(Consumer<byte[], byte[]> consumer) {
        for (TopicPartition partition : consumer.assignment()) {
            if (buffer.isUnknown(partition)) {
                try {
                    buffer.moveTo(partition, consumer.position(partition, Duration.ZERO), "");
                } catch (TimeoutException e) {
                    // Not known yet: the next poll goes on finding it out.
                }
            }
        }
    }
}
