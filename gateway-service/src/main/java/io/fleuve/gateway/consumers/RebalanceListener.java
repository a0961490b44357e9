package io.fleuve.gateway.consumers;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Told by a consumer, in the middle of a poll, that partitions come and go. Usually most that are
 * revoked come back at once. If nobody had them in between, delivery goes on where it was, rather
 * than at the last commit.
 */
final class RebalanceListener implements ConsumerRebalanceListener {

    private static final int NONE = Integer.MIN_VALUE;

    private final Consumer<byte[], byte[]> consumer;
    private final DeliveryBuffer buffer;
    private final Runnable settle;
    private final Map<TopicPartition, OffsetAndMetadata> kept = new HashMap<>();
    private int keptInGeneration = NONE;

    /**
     * @param settle commits what is to be committed before partitions go
     */
    RebalanceListener(Consumer<byte[], byte[]> consumer, DeliveryBuffer buffer, Runnable settle) {
        this.consumer = consumer;
        this.buffer = buffer;
        this.settle = settle;
    }

    /**
     * Whether all partitions were taken away, with what was delivered of them, and the group has
     * not decided yet who gets them.
     */
    boolean isBetween() {
        return !kept.isEmpty()
                && consumer.assignment().isEmpty()
                && consumer.groupMetadata().generationId() == keptInGeneration;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        settle.run();
        kept.clear();
        kept.putAll(buffer.delivered());
        kept.keySet().retainAll(partitions);
        keptInGeneration = consumer.groupMetadata().generationId();
        buffer.forget(partitions);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        boolean nobodyBetween = consumer.groupMetadata().generationId() == keptInGeneration + 1;
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata position = kept.get(partition);
            if (nobodyBetween && position != null) {
                consumer.seek(partition, position);
                buffer.moveTo(partition, position.offset(), position.metadata());
            }
        }
        kept.clear();
        keptInGeneration = NONE;
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        kept.clear();
        keptInGeneration = NONE;
        buffer.forget(partitions);
    }
}
