package io.fleuve.conformance.transactions;

import io.fleuve.conformance.faults.Progress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * A member of a group that makes an output value of each input value, and commits both as one
 * (KIP-447).
 */
final class Processor implements Runnable {

    private static final int MAX_RECORDS = 20;

    private final String bootstrapServers;
    private final Owner owner;
    private final History history;
    private final SplittableRandom random;
    private final Progress progress;
    private final int lane;
    private final int group;
    private final String protocol;
    private volatile boolean calm;
    private volatile boolean stopping;

    Processor(
            String bootstrapServers,
            Owner owner,
            History history,
            SplittableRandom random,
            Progress progress,
            int lane,
            int group,
            String protocol) {
        this.bootstrapServers = bootstrapServers;
        this.owner = owner;
        this.history = history;
        this.random = random;
        this.progress = progress;
        this.lane = lane;
        this.group = group;
        this.protocol = protocol;
    }

    static String groupId(int group) {
        return "processors-" + group;
    }

    /** From now on it commits all that it begins. */
    void calm() {
        calm = true;
    }

    void stop() {
        stopping = true;
    }

    @Override
    public void run() {
        try {
            while (!stopping) {
                try {
                    live();
                } catch (KafkaException | IllegalStateException e) {
                    history.error(e);
                }
            }
            owner.succeed().close();
        } catch (KafkaException e) {
            history.violations().add(owner.transactionalId() + ": " + e);
        }
    }

    /** The life of one client, until it cannot go on or dies. */
    private void live() {
        // What its predecessor has left open is ended before anything is read.
        KafkaProducer<byte[], byte[]> producer = owner.succeed();
        Map<String, Object> settings = new HashMap<>();
        settings.put("group.id", groupId(group));
        settings.put("group.protocol", protocol);
        settings.put("auto.offset.reset", "earliest");
        settings.put("isolation.level", "read_committed");
        settings.put("max.poll.records", MAX_RECORDS);
        if (protocol.equals("classic")) {
            settings.put("session.timeout.ms", 6_000);
            settings.put("heartbeat.interval.ms", 500);
        }
        try (KafkaConsumer<byte[], byte[]> consumer = Topics.consumer(bootstrapServers, settings)) {
            consumer.subscribe(List.of(Topics.NAMES.getFirst()));
            boolean goesOn = true;
            while (!stopping && goesOn) {
                // Taken before: a client of the KIP-848 protocol gives partitions back at any time,
                // and what it has read of them must not be committed at an epoch that came after.
                ConsumerGroupMetadata membership = consumer.groupMetadata();
                ConsumerRecords<byte[], byte[]> input = consumer.poll(Duration.ofMillis(200));
                if (input.isEmpty()) {
                    progress.acknowledged(lane);
                } else {
                    goesOn = process(producer, consumer, membership, input);
                }
            }
        } finally {
            producer.close(Duration.ZERO);
        }
    }

    /** One transaction; whether the clients can go on. */
    private boolean process(
            KafkaProducer<byte[], byte[]> producer,
            KafkaConsumer<byte[], byte[]> consumer,
            ConsumerGroupMetadata membership,
            ConsumerRecords<byte[], byte[]> input) {
        Fate fate = calm ? Fate.COMMIT : Fate.of(random);
        Transaction transaction = history.begin(group);
        transaction.end(Outcome.NEVER_COMMITTED);
        long until = owner.certainlyOpenUntil();
        try {
            producer.beginTransaction();
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> message : input) {
                int output = Topics.APPENDED + random.nextInt(Topics.PARTITIONS_EACH);
                long value = transaction.append(output, Topics.value(message));
                owner.send(producer, transaction, value, until);
                offsets.put(
                        new TopicPartition(message.topic(), message.partition()),
                        new OffsetAndMetadata(message.offset() + 1));
            }
            producer.sendOffsetsToTransaction(offsets, membership);
            owner.settle(producer, transaction);
        } catch (KafkaException | IllegalStateException e) {
            history.error(e);
            owner.settleDead(transaction);
            // A new member begins at what is committed, which spares the way back.
            owner.abort(producer, transaction, Outcome.NEVER_COMMITTED);
            return false;
        }
        return switch (fate) {
            case COMMIT, HANG -> {
                boolean goesOn = owner.commit(producer, transaction);
                boolean committed = transaction.outcome() == Outcome.COMMITTED;
                if (committed) {
                    progress.acknowledged(lane);
                }
                yield goesOn && committed;
            }
            case ABORT ->
                    owner.abort(producer, transaction, Outcome.NEVER_COMMITTED) && rewind(consumer);
            case DIE -> false;
            case DIE_IN_COMMIT -> {
                transaction.end(Outcome.UNKNOWN);
                owner.dieInCommit(producer, transaction, random);
                yield false;
            }
            case ZOMBIE -> {
                owner.succeed().close();
                owner.comeBack(producer, transaction);
                yield false;
            }
        };
    }

    /** After an abort everything is to be read again that is not committed. */
    private static boolean rewind(KafkaConsumer<byte[], byte[]> consumer) {
        Set<TopicPartition> assigned = consumer.assignment();
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(assigned);
        for (TopicPartition partition : assigned) {
            OffsetAndMetadata offset = committed.get(partition);
            consumer.seek(partition, offset == null ? 0 : offset.offset());
        }
        return true;
    }
}
