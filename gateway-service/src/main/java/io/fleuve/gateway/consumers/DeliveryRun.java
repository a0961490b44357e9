package io.fleuve.gateway.consumers;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Records on their way into one answer, and whether it is long enough. */
final class DeliveryRun {

    private final long maxBytes;
    private final long minBytes;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private long bytes;
    private boolean ended;

    /**
     * @param maxBytes bytes of keys and values; the first record is taken whatever its size
     * @param minBytes with so many it is long enough; -1 for never
     */
    DeliveryRun(long maxBytes, int minBytes) {
        this.maxBytes = maxBytes;
        this.minBytes = minBytes < 0 ? Long.MAX_VALUE : minBytes;
    }

    List<ConsumerRecord<byte[], byte[]>> records() {
        return records;
    }

    /** Delivers what waits and has room. */
    void take(DeliveryBuffer buffer) {
        @Nullable ConsumerRecord<byte[], byte[]> next;
        while (!ended && (next = buffer.peek()) != null) {
            long size = sizeOf(next);
            if (!records.isEmpty() && bytes + size > maxBytes) {
                ended = true;
            } else {
                buffer.deliver();
                records.add(next);
                bytes += size;
                ended = bytes >= maxBytes;
            }
        }
    }

    /** Nothing more is to come, long enough or not. */
    void end() {
        ended = true;
    }

    boolean isComplete() {
        return ended || bytes >= minBytes;
    }

    private static long sizeOf(ConsumerRecord<byte[], byte[]> record) {
        return (long) Math.max(0, record.serializedKeySize())
                + Math.max(0, record.serializedValueSize());
    }
}
