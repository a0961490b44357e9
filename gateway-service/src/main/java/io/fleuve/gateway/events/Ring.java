package io.fleuve.gateway.events;

import io.fleuve.gateway.kafka.PartitionReader;
import io.fleuve.gateway.kafka.TopicTail.Polled;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The newest records of a topic, bounded in number and bytes. One tail writes; any number of
 * readers follow, each at its own place. What falls out is gone for those who have not taken it:
 * the ring never waits for a reader.
 */
final class Ring {

    private final long maxBytes;
    private final int maxRecords;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Chunk> chunks = new ArrayDeque<>();
    // From here on the ring has everything, and up to there.
    private final SortedMap<Integer, Long> starts = new TreeMap<>();
    private final SortedMap<Integer, Long> ends = new TreeMap<>();
    private long nextSequence;
    private long bytes;
    private int records;
    private volatile long alarms;
    private volatile int partitions;

    Ring(int maxRecords, long maxBytes) {
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
    }

    /** What a reader finds at its place. */
    sealed interface Next {

        record Found(Chunk chunk) implements Next {}

        /** What was at this place has fallen out. */
        record Lapped() implements Next {}

        /** Nothing yet, or something else is to be looked at. */
        record Nothing() implements Next {}
    }

    /** Includes partitions, whose records come from these offsets on. */
    void open(Map<Integer, Long> offsets) {
        lock.lock();
        try {
            offsets.forEach(
                    (partition, offset) -> {
                        starts.putIfAbsent(partition, offset);
                        ends.putIfAbsent(partition, offset);
                    });
            partitions = ends.size();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many partitions it has; none before the tail has begun. */
    int partitions() {
        return partitions;
    }

    /** Counts what readers were woken for besides records. */
    long alarms() {
        return alarms;
    }

    void publish(Polled polled) {
        long size = 0;
        for (var record : polled.records()) {
            size += PartitionReader.sizeOf(record);
        }
        lock.lock();
        try {
            chunks.addLast(
                    new Chunk(
                            nextSequence++,
                            polled.records().stream().map(TailRecord::new).toList(),
                            polled.moved(),
                            polled.gaps(),
                            size));
            bytes += size;
            records += polled.records().size();
            ends.putAll(polled.moved());
            // The last one stays, however large: a record may be larger than the ring.
            while (chunks.size() > 1 && (bytes > maxBytes || isFull())) {
                Chunk oldest = chunks.removeFirst();
                bytes -= oldest.bytes();
                records -= oldest.records().size();
                starts.putAll(oldest.moved());
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // A chunk without records counts as well: transactions that abort for hours leave only those.
    private boolean isFull() {
        return records > maxRecords || chunks.size() > maxRecords;
    }

    /** Wakes all who wait, to look at something else. */
    void alarm() {
        lock.lock();
        try {
            alarms = alarms + 1;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What is at {@code sequence}, waiting for it for a while.
     *
     * @param seenAlarms {@link #alarms} before the reader looked at all else: one that came since
     *     ends the wait
     */
    Next await(long sequence, long seenAlarms, long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (sequence >= nextSequence && left > 0 && alarms == seenAlarms) {
                left = changed.awaitNanos(left);
            }
            if (sequence >= nextSequence) {
                return new Next.Nothing();
            }
            long first = nextSequence - chunks.size();
            if (sequence < first) {
                return new Next.Lapped();
            }
            return new Next.Found(at((int) (sequence - first)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Next.Nothing();
        } finally {
            lock.unlock();
        }
    }

    private Chunk at(int index) {
        // Readers are nearly always at the newest one.
        if (index == chunks.size() - 1) {
            return chunks.getLast();
        }
        var iterator = chunks.iterator();
        for (int i = 0; i < index; i++) {
            iterator.next();
        }
        return iterator.next();
    }

    /**
     * Where a reader at {@code positions} may begin to follow, without a gap; empty if it is behind
     * the ring.
     */
    OptionalLong join(SortedMap<Integer, Long> positions) {
        lock.lock();
        try {
            for (Map.Entry<Integer, Long> position : positions.entrySet()) {
                Long start = starts.get(position.getKey());
                if (start == null || position.getValue() < start) {
                    return OptionalLong.empty();
                }
            }
            long sequence = nextSequence - chunks.size();
            for (Chunk chunk : chunks) {
                if (isNews(chunk, positions)) {
                    return OptionalLong.of(sequence);
                }
                sequence++;
            }
            return OptionalLong.of(sequence);
        } finally {
            lock.unlock();
        }
    }

    private static boolean isNews(Chunk chunk, SortedMap<Integer, Long> positions) {
        return chunk.moved().entrySet().stream()
                .anyMatch(
                        moved ->
                                moved.getValue()
                                        > positions.getOrDefault(moved.getKey(), Long.MAX_VALUE));
    }

    /** Up to where the tail has read; empty before it has begun. */
    SortedMap<Integer, Long> ends() {
        lock.lock();
        try {
            return new TreeMap<>(ends);
        } finally {
            lock.unlock();
        }
    }

    /** From where on the ring has everything. */
    SortedMap<Integer, Long> starts() {
        lock.lock();
        try {
            return new TreeMap<>(starts);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there are other partitions than {@code known}, an alarm, or the time is over. */
    void awaitPartitions(int known, long seenAlarms, long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (partitions == known && left > 0 && alarms == seenAlarms) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
