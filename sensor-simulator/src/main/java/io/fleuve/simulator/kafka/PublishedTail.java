package io.fleuve.simulator.kafka;

import io.fleuve.simulator.replay.PublishedReadings;
import io.fleuve.simulator.replay.PublishedReadings.Newest;
import io.fleuve.simulator.replay.ReplayRun;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The ends of a topic's partitions, read to find the newest reading of each region. The last few
 * records nearly always hold them all. But a region may have been silent, and other producers may
 * have written since: so all partitions are read further and further back until each region was
 * seen, within a bound.
 */
final class PublishedTail {

    private static final int FIRST_LOOK_RECORDS = 500;

    private final ReadingTopic topic;
    private final Set<String> regions;
    private final Duration timeout;
    private final Map<String, Newest> newest = new HashMap<>();

    /**
     * @param regions those to look for
     * @param timeout how long to wait for each answer
     */
    PublishedTail(ReadingTopic topic, Set<String> regions, Duration timeout) {
        this.topic = topic;
        this.regions = regions;
        this.timeout = timeout;
    }

    /**
     * Reads the tail.
     *
     * @throws org.apache.kafka.common.errors.RetriableException if the broker does not answer in
     *     time
     */
    PublishedReadings read() {
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic.name()).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            if (partitions.isEmpty()) {
                throw new TimeoutException("topic '" + topic.name() + "' is not known yet");
            }
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            List<Backlog> backlogs =
                    consumer.endOffsets(partitions).entrySet().stream()
                            .map(
                                    end ->
                                            backlog(
                                                    end.getKey(),
                                                    begins.getOrDefault(end.getKey(), 0L),
                                                    end.getValue()))
                            .toList();
            readBackwards(consumer, backlogs);
        }
        return new PublishedReadings(newest);
    }

    /**
     * The part of a partition that is still to be read: offsets from {@code limit} up to {@code
     * end}, exclusive.
     */
    private record Backlog(TopicPartition partition, long limit, long end) {}

    private Backlog backlog(TopicPartition partition, long begin, long end) {
        return new Backlog(partition, Math.max(begin, end - topic.resumeScanRecords()), end);
    }

    private void readBackwards(Consumer<byte[], byte[]> consumer, List<Backlog> all) {
        List<Backlog> backlogs = all;
        for (long look = FIRST_LOOK_RECORDS; !newest.keySet().containsAll(regions); look *= 2) {
            backlogs =
                    backlogs.stream().filter(backlog -> backlog.end() > backlog.limit()).toList();
            if (backlogs.isEmpty()) {
                return;
            }
            List<Backlog> rest = new ArrayList<>();
            for (Backlog backlog : backlogs) {
                long from = Math.max(backlog.limit(), backlog.end() - look);
                readRange(consumer, backlog.partition(), from, backlog.end());
                rest.add(new Backlog(backlog.partition(), backlog.limit(), from));
            }
            backlogs = rest;
        }
    }

    private void readRange(
            Consumer<byte[], byte[]> consumer, TopicPartition partition, long from, long upTo) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, from);
        for (long position = from;
                position < upTo;
                position = consumer.position(partition, timeout)) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(timeout);
            records.forEach(this::note);
            if (consumer.position(partition, timeout) == position) {
                throw new TimeoutException(
                        "no records of " + partition + " from offset " + position);
            }
        }
    }

    private void note(ConsumerRecord<byte[], byte[]> message) {
        byte[] key = message.key();
        if (key != null) {
            runOf(message)
                    .ifPresent(
                            run ->
                                    newest.merge(
                                            new String(key, StandardCharsets.UTF_8),
                                            new Newest(
                                                    run, Instant.ofEpochMilli(message.timestamp())),
                                            PublishedTail::later));
        }
    }

    private static Newest later(Newest a, Newest b) {
        return b.observedAt().isAfter(a.observedAt()) ? b : a;
    }

    private static Optional<ReplayRun> runOf(ConsumerRecord<byte[], byte[]> message) {
        @Nullable Header header = message.headers().lastHeader(KafkaReadingLog.RUN_HEADER);
        if (header == null || header.value() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(ReplayRun.parse(new String(header.value(), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException _) {
            // Anyone may write to the topic: a header that we did not write is no reading of ours.
            return Optional.empty();
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                topic.client(
                        "resume",
                        Map.of(
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false,
                                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                                false,
                                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                (int) timeout.toMillis())),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
