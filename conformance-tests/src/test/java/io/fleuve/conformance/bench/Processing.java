package io.fleuve.conformance.bench;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * One member of a group that reads, writes what it has read to another topic, and commits that and
 * its offsets in one transaction.
 */
final class Processing {

    private static final int AUTHOR = 0;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final WholeTopic input;
    private final WholeTopic output;
    private final int records;
    private final Queue<ConsumerRecord<byte[], byte[]>> fetched = new ArrayDeque<>();
    private final String group = "bench-" + UUID.randomUUID();

    /**
     * @param input empty yet
     * @param records of one transaction
     */
    Processing(WholeTopic input, WholeTopic output, int records) {
        this.input = input;
        this.output = output;
        this.records = records;
    }

    /**
     * Processes for a time; then compares the output and the group's offsets with what was
     * processed.
     *
     * @param available how many records to write to the input before
     * @return transactions a second
     * @throws IllegalStateException if the input ends before the time does, or output or offsets
     *     are wrong
     */
    double rate(int available, int valueBytes, Duration warmUp, Duration measured)
            throws Exception {
        input.fill(AUTHOR, available, valueBytes);
        int ended = 0;
        int processed = 0;
        try (KafkaProducer<byte[], byte[]> producer = TransactionLoad.producer(output.address());
                KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            producer.initTransactions();
            consumer.subscribe(List.of(input.name()));
            // Joining the group is not measured.
            fetch(consumer);
            var window = TransactionLoad.Window.startingNow(warmUp, measured);
            while (!window.isOver()) {
                if (processed + records > available) {
                    throw new IllegalStateException(
                            "all %d records are processed before the time is over: set -Dinput to more"
                                    .formatted(available));
                }
                fetch(consumer);
                process(producer, consumer, processed);
                processed += records;
                if (window.holds(System.nanoTime())) {
                    ended++;
                }
            }
            checkOffsets(processed);
            output.read(IsolationLevel.READ_COMMITTED, new Written(Map.of(AUTHOR, processed)));
            return ended / window.seconds();
        }
    }

    private void fetch(KafkaConsumer<byte[], byte[]> consumer) {
        long start = System.nanoTime();
        while (fetched.size() < records) {
            consumer.poll(Duration.ofMillis(200)).forEach(fetched::add);
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException(
                        "%s: no %d records within %s".formatted(input.name(), records, PATIENCE));
            }
        }
    }

    private void process(
            KafkaProducer<byte[], byte[]> producer,
            KafkaConsumer<byte[], byte[]> consumer,
            int processed) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        producer.beginTransaction();
        for (int i = 0; i < records; i++) {
            ConsumerRecord<byte[], byte[]> each = fetched.remove();
            TransactionLoad.send(
                    producer,
                    new TopicPartition(output.name(), i % output.partitions()),
                    Written.value(AUTHOR, processed + i, each.value().length));
            offsets.put(
                    new TopicPartition(each.topic(), each.partition()),
                    new OffsetAndMetadata(each.offset() + 1));
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        producer.commitTransaction();
    }

    /** The input has no markers, so that the group's offsets add up to what it has processed. */
    private void checkOffsets(int processed) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", input.address()))) {
            await("offsets of %d processed records".formatted(processed))
                    .atMost(PATIENCE)
                    .until(
                            () ->
                                    admin
                                            .listConsumerGroupOffsets(
                                                    Map.of(
                                                            group,
                                                            new ListConsumerGroupOffsetsSpec()),
                                                    new ListConsumerGroupOffsetsOptions()
                                                            .requireStable(true))
                                            .all()
                                            .get()
                                            .getOrDefault(group, Map.of())
                                            .values()
                                            .stream()
                                            .mapToLong(OffsetAndMetadata::offset)
                                            .sum(),
                            sum -> sum == processed);
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        input.address(),
                        "group.id",
                        group,
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest",
                        "isolation.level",
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
