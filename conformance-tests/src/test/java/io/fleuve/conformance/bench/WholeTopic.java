package io.fleuve.conformance.bench;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic that is written, and is read from its beginning to its end.
 *
 * @param address the platform's
 */
record WholeTopic(String address, String name, int partitions) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(200);

    List<TopicPartition> all() {
        return IntStream.range(0, partitions).mapToObj(i -> new TopicPartition(name, i)).toList();
    }

    /**
     * Reads all of it with a stock consumer.
     *
     * @param expected all that must be seen, and each value once
     * @return the seconds from the first poll to the end, without connecting
     * @throws IllegalStateException if something else is seen
     */
    double read(IsolationLevel level, Written expected) {
        Map<TopicPartition, Long> ends = ends();
        Written.Check check = expected.check();
        double seconds;
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", address, "isolation.level", level.toString()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(all());
            consumer.seekToBeginning(all());
            all().forEach(consumer::position);
            long start = System.nanoTime();
            long moved = start;
            while (all().stream()
                    .anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                var records = consumer.poll(POLL);
                records.forEach(each -> check.take(each.value()));
                long now = System.nanoTime();
                if (!records.isEmpty()) {
                    moved = now;
                } else if (now - moved > PATIENCE.toNanos()) {
                    throw new IllegalStateException(
                            "%s: nothing came for %s before the end".formatted(name, PATIENCE));
                }
            }
            seconds = (System.nanoTime() - start) / 1e9;
        }
        check.complete();
        return seconds;
    }

    /**
     * Where the partitions end, once no transaction is open in them: Apache Kafka writes the
     * markers after it has answered the commit.
     */
    Map<TopicPartition, Long> ends() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            return await().atMost(PATIENCE)
                    .until(
                            () -> ends(admin, IsolationLevel.READ_UNCOMMITTED),
                            ends -> ends.equals(ends(admin, IsolationLevel.READ_COMMITTED)));
        }
    }

    private Map<TopicPartition, Long> ends(Admin admin, IsolationLevel level) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        all().forEach(each -> latest.put(each, OffsetSpec.latest()));
        try {
            Map<TopicPartition, Long> ends = new HashMap<>();
            for (var end :
                    admin.listOffsets(latest, new ListOffsetsOptions(level))
                            .all()
                            .get()
                            .entrySet()) {
                ends.put(end.getKey(), end.getValue().offset());
            }
            return ends;
        } catch (ExecutionException e) {
            throw new IllegalStateException("no end of " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking for ends", e);
        }
    }

    /** Fills it evenly without transactions: values of one author. */
    Written fill(int author, int count, int valueBytes) {
        try (var producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", address, "acks", "all"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(
                        new ProducerRecord<>(
                                name, i % partitions, null, Written.value(author, i, valueBytes)));
            }
        }
        return new Written(Map.of(author, count));
    }
}
