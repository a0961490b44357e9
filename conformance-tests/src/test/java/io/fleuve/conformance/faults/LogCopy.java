package io.fleuve.conformance.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a reader has seen of a topic, a fingerprint a record. Each record must be at the offset
 * after the one before.
 */
final class LogCopy {

    private static final long PRIME = 0x100000001b3L;
    private static final long BASIS = 0xcbf29ce484222325L;

    private final String reader;
    private final List<LongList> partitions = new ArrayList<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    LogCopy(String reader, int partitions) {
        this.reader = reader;
        for (int partition = 0; partition < partitions; partition++) {
            this.partitions.add(new LongList());
        }
    }

    void add(ConsumerRecord<byte[], byte[]> message) {
        LongList partition = partitions.get(message.partition());
        if (message.offset() != partition.size()) {
            violations.add(
                    "%s: partition %d: offset %d where %d was due"
                            .formatted(
                                    reader,
                                    message.partition(),
                                    message.offset(),
                                    partition.size()));
            return;
        }
        partition.add(fingerprint(message));
    }

    int size(int partition) {
        return partitions.get(partition).size();
    }

    Queue<String> violations() {
        return violations;
    }

    /** Adds where this copy and that one differ. */
    void compare(LogCopy other, List<String> differences) {
        for (int partition = 0; partition < partitions.size(); partition++) {
            LongList mine = partitions.get(partition);
            LongList others = other.partitions.get(partition);
            if (mine.size() != others.size()) {
                differences.add(
                        "%s: partition %d has %d records, %s has seen %d"
                                .formatted(
                                        reader,
                                        partition,
                                        mine.size(),
                                        other.reader,
                                        others.size()));
            }
            for (int i = 0; i < Math.min(mine.size(), others.size()); i++) {
                if (mine.get(i) != others.get(i)) {
                    differences.add(
                            "%s: partition %d, offset %d: %s has seen another record"
                                    .formatted(reader, partition, i, other.reader));
                    break;
                }
            }
        }
    }

    private static long fingerprint(ConsumerRecord<byte[], byte[]> message) {
        long hash = (BASIS ^ message.timestamp()) * PRIME;
        for (byte part : message.value()) {
            hash = (hash ^ part) * PRIME;
        }
        return hash;
    }
}
