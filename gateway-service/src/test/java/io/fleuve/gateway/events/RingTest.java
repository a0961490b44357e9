package io.fleuve.gateway.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.kafka.TopicTail.Polled;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RingTest {

    private final Ring ring = new Ring(3, 1000);

    private void publish(int partition, long offset, int size) {
        ring.publish(
                new Polled(
                        List.of(record(partition, offset, size)),
                        new TreeMap<>(Map.of(partition, offset + 1)),
                        List.of()));
    }

    private static ConsumerRecord<byte[], byte[]> record(int partition, long offset, int size) {
        return new ConsumerRecord<>(
                "t",
                partition,
                offset,
                0,
                TimestampType.CREATE_TIME,
                0,
                size,
                new byte[0],
                new byte[size],
                new RecordHeaders(),
                Optional.empty());
    }

    private Ring.Next at(long sequence) {
        return ring.await(sequence, ring.alarms(), 0);
    }

    private static TreeMap<Integer, Long> positions(Map<Integer, Long> offsets) {
        return new TreeMap<>(offsets);
    }

    @Test
    void aReaderJoinsWhereNothingIsMissingAndNothingIsOld() {
        ring.open(Map.of(0, 10L, 1, 20L));
        assertThat(ring.join(positions(Map.of(0, 10L, 1, 20L)))).hasValue(0);
        publish(0, 10, 1);
        publish(1, 20, 1);
        assertThat(ring.join(positions(Map.of(0, 10L, 1, 20L)))).hasValue(0);
        assertThat(ring.join(positions(Map.of(0, 11L, 1, 20L)))).hasValue(1);
        assertThat(ring.join(positions(Map.of(0, 11L, 1, 21L)))).hasValue(2);
        // Ahead of the tail: the log is, for a moment.
        assertThat(ring.join(positions(Map.of(0, 15L, 1, 21L)))).hasValue(2);
        assertThat(ring.join(positions(Map.of(0, 9L, 1, 21L)))).isEmpty();
        assertThat(ring.join(positions(Map.of(2, 0L)))).isEmpty();
    }

    @Test
    void forgetsTheOldestBeyondItsRecordsAndSaysSo() {
        ring.open(Map.of(0, 0L));
        for (int offset = 0; offset < 5; offset++) {
            publish(0, offset, 1);
        }
        assertThat(at(1)).isInstanceOf(Ring.Next.Lapped.class);
        assertThat(at(2)).isInstanceOf(Ring.Next.Found.class);
        assertThat(at(5)).isInstanceOf(Ring.Next.Nothing.class);
        assertThat(ring.starts()).containsEntry(0, 2L);
        assertThat(ring.ends()).containsEntry(0, 5L);
        assertThat(ring.join(positions(Map.of(0, 1L)))).isEmpty();
        assertThat(ring.join(positions(Map.of(0, 2L)))).hasValue(2);
    }

    @Test
    void forgetsTheOldestBeyondItsBytesButNeverTheNewest() {
        ring.open(Map.of(0, 0L));
        publish(0, 0, 600);
        publish(0, 1, 600);
        assertThat(at(0)).isInstanceOf(Ring.Next.Lapped.class);
        publish(0, 2, 5000);
        assertThat(at(1)).isInstanceOf(Ring.Next.Lapped.class);
        assertThat(at(2)).isInstanceOf(Ring.Next.Found.class);
    }

    @Test
    void passedMarkersMoveAPositionAndAreBounded() {
        ring.open(Map.of(0, 0L));
        for (int offset = 1; offset < 9; offset++) {
            ring.publish(new Polled(List.of(), new TreeMap<>(Map.of(0, (long) offset)), List.of()));
        }
        assertThat(ring.ends()).containsEntry(0, 8L);
        assertThat(at(0)).isInstanceOf(Ring.Next.Lapped.class);
    }

    @Test
    void wakesWhoWaitsForARecordOrForAnAlarm() throws Exception {
        ring.open(Map.of(0, 0L));
        long seen = ring.alarms();
        long nanos = Duration.ofMinutes(5).toNanos();
        CompletableFuture<Ring.Next> reader =
                CompletableFuture.supplyAsync(() -> ring.await(0, seen, nanos));
        publish(0, 0, 1);
        assertThat(reader.get(60, TimeUnit.SECONDS)).isInstanceOf(Ring.Next.Found.class);
        CompletableFuture<Ring.Next> other =
                CompletableFuture.supplyAsync(() -> ring.await(1, seen, nanos));
        ring.alarm();
        assertThat(other.get(60, TimeUnit.SECONDS)).isInstanceOf(Ring.Next.Nothing.class);
        // An alarm before the wait began is not slept over.
        assertThat(ring.await(1, seen, nanos)).isInstanceOf(Ring.Next.Nothing.class);
    }
}
