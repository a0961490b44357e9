package io.fleuve.gateway.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RebalanceListenerTest {

    private static final TopicPartition ZERO = new TopicPartition("t", 0);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final DeliveryBuffer buffer = new DeliveryBuffer();
    private final RebalanceListener listener = new RebalanceListener(consumer, buffer, () -> {});

    @Test
    void knowsWhetherWhatWasDeliveredHasNoPlaceToBeCommitted() {
        buffer.moveTo(ZERO, 2, "");
        assertThat(listener.isBetween()).isFalse();

        listener.onPartitionsRevoked(List.of(ZERO));
        assertThat(listener.isBetween()).isTrue();

        listener.onPartitionsAssigned(List.of());
        assertThat(listener.isBetween()).isFalse();
    }

    @Test
    void isNotBetweenWhereNothingWasDeliveredOrAllIsLost() {
        listener.onPartitionsRevoked(List.of(ZERO));
        assertThat(listener.isBetween()).isFalse();

        buffer.moveTo(ZERO, 2, "");
        listener.onPartitionsRevoked(List.of(ZERO));
        listener.onPartitionsLost(List.of(ZERO));
        assertThat(listener.isBetween()).isFalse();
        assertThat(buffer.delivered()).isEqualTo(Map.<TopicPartition, OffsetAndMetadata>of());
    }
}
