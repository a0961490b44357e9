package io.fleuve.gateway.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class DeliveryBufferTest {

    private static final TopicPartition ZERO = new TopicPartition("t", 0);
    private static final TopicPartition ONE = new TopicPartition("t", 1);

    private final DeliveryBuffer buffer = new DeliveryBuffer();

    @Test
    void countsARecordOnlyWhenItIsDelivered() {
        buffer.add(polled(Map.of(ZERO, 3), Map.of(ZERO, 3L)));
        assertThat(buffer.delivered()).isEmpty();

        buffer.deliver();

        assertThat(offsets(buffer.delivered())).isEqualTo(Map.of(ZERO, 1L));
    }

    @Test
    void goesBehindTransactionMarkersAfterTheLastRecord() {
        buffer.add(polled(Map.of(ZERO, 2), Map.of(ZERO, 3L)));
        buffer.deliver();
        assertThat(offsets(buffer.delivered())).isEqualTo(Map.of(ZERO, 1L));

        buffer.deliver();

        assertThat(offsets(buffer.delivered())).isEqualTo(Map.of(ZERO, 3L));
    }

    @Test
    void goesAlongWherePollsHaveNoRecords() {
        buffer.add(polled(Map.of(), Map.of(ONE, 7L)));

        assertThat(offsets(buffer.delivered())).isEqualTo(Map.of(ONE, 7L));
    }

    @Test
    void commitsByItselfOnlyWhatTheClientHasConfirmed() {
        buffer.add(polled(Map.of(ZERO, 2), Map.of(ZERO, 2L)));
        buffer.deliver();
        buffer.confirm();
        buffer.deliver();

        assertThat(offsets(buffer.uncommitted())).isEqualTo(Map.of(ZERO, 1L));

        buffer.committed(buffer.uncommitted());
        assertThat(buffer.uncommitted()).isEmpty();
        buffer.confirm();
        assertThat(offsets(buffer.uncommitted())).isEqualTo(Map.of(ZERO, 2L));
    }

    @Test
    void dropsWhatWaitsWhenThePositionMoves() {
        buffer.add(polled(Map.of(ZERO, 2, ONE, 1), Map.of(ZERO, 2L, ONE, 1L)));

        buffer.moveTo(ZERO, 40, "");

        assertThat(Objects.requireNonNull(buffer.peek()).partition()).isEqualTo(1);
        buffer.deliver();
        assertThat(buffer.peek()).isNull();
        assertThat(offsets(buffer.delivered())).isEqualTo(Map.of(ZERO, 40L, ONE, 1L));
    }

    @Test
    void forgetsPartitionsThatSomebodyElseReads() {
        buffer.add(polled(Map.of(ZERO, 1, ONE, 1), Map.of(ZERO, 1L, ONE, 1L)));
        buffer.deliver();
        buffer.deliver();
        buffer.confirm();

        buffer.retain(List.of(ONE));

        assertThat(offsets(buffer.delivered())).isEqualTo(Map.of(ONE, 1L));
        assertThat(offsets(buffer.uncommitted())).isEqualTo(Map.of(ONE, 1L));
        assertThat(buffer.isUnknown(ZERO)).isTrue();
        assertThat(buffer.isUnknown(ONE)).isFalse();
    }

    private static ConsumerRecords<byte[], byte[]> polled(
            Map<TopicPartition, Integer> counts, Map<TopicPartition, Long> next) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        counts.forEach(
                (partition, count) -> {
                    List<ConsumerRecord<byte[], byte[]>> list = new ArrayList<>();
                    for (int offset = 0; offset < count; offset++) {
                        list.add(
                                new ConsumerRecord<>(
                                        partition.topic(),
                                        partition.partition(),
                                        offset,
                                        new byte[0],
                                        new byte[0]));
                    }
                    records.put(partition, list);
                });
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        next.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        return new ConsumerRecords<>(records, offsets);
    }

    private static Map<TopicPartition, Long> offsets(
            Map<TopicPartition, OffsetAndMetadata> positions) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        positions.forEach((partition, position) -> offsets.put(partition, position.offset()));
        return offsets;
    }
}
