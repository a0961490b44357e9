package io.fleuve.broker.protocol;

import io.fleuve.broker.log.StoredBatches;
import io.fleuve.broker.storage.ObjectReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import org.apache.kafka.common.network.TransferableChannel;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordsSend;
import org.jspecify.annotations.Nullable;

/**
 * Records of a fetch as the log gave them: buffers, sent one after the other and not copied, and
 * after them what was left in the store, sent from there.
 */
final class GatheredRecords implements BaseRecords {

    /** How much is read at once where an object is not a file. */
    private static final int READ_BYTES = 256 << 10;

    private final ByteBuffer[] buffers;
    private final List<StoredBatches> stored;
    private final int sizeBytes;

    private GatheredRecords(ByteBuffer[] buffers, List<StoredBatches> stored) {
        this.buffers = buffers;
        this.stored = stored;
        long size = 0;
        for (ByteBuffer buffer : buffers) {
            size += buffer.remaining();
        }
        for (StoredBatches each : stored) {
            size += each.sizeBytes();
        }
        this.sizeBytes = Math.toIntExact(size);
    }

    /** The batches as records. Positions and limits of the buffers are left alone. */
    static BaseRecords of(List<ByteBuffer> buffers, List<StoredBatches> stored) {
        if (stored.isEmpty() && buffers.size() <= 1) {
            return buffers.isEmpty()
                    ? MemoryRecords.EMPTY
                    : MemoryRecords.readableRecords(buffers.getFirst().slice());
        }
        return new GatheredRecords(buffers.toArray(ByteBuffer[]::new), stored);
    }

    @Override
    public int sizeInBytes() {
        return sizeBytes;
    }

    @Override
    public RecordsSend<GatheredRecords> toSend() {
        return new GatheringSend(this);
    }

    private static final class GatheringSend extends RecordsSend<GatheredRecords> {

        private final ByteBuffer[] left;
        private final List<StoredBatches> stored;
        private final int memoryBytes;
        private int current;
        private int sent;
        private @Nullable ObjectReader reader;

        GatheringSend(GatheredRecords records) {
            super(records, records.sizeInBytes());
            stored = records.stored;
            left = new ByteBuffer[records.buffers.length];
            int size = 0;
            for (int i = 0; i < left.length; i++) {
                left[i] = records.buffers[i].duplicate();
                size += left[i].remaining();
            }
            memoryBytes = size;
        }

        @Override
        protected int writeTo(TransferableChannel channel, int previouslyWritten, int remaining)
                throws IOException {
            if (previouslyWritten < memoryBytes) {
                long written = channel.write(left);
                if (written < 0) {
                    throw new EOFException("the channel was closed");
                }
                return Math.toIntExact(written);
            }
            return send(channel);
        }

        private int send(TransferableChannel channel) throws IOException {
            StoredBatches batches = stored.get(current);
            boolean done = false;
            try {
                if (reader == null) {
                    reader = batches.open();
                }
                int written = send(channel, reader, batches);
                sent += written;
                done = sent == batches.sizeBytes();
                if (done) {
                    close();
                    current++;
                    sent = 0;
                }
                done = true;
                return written;
            } finally {
                if (!done) {
                    close();
                }
            }
        }

        private int send(TransferableChannel channel, ObjectReader object, StoredBatches batches)
                throws IOException {
            long position = batches.position() + sent;
            int count = batches.sizeBytes() - sent;
            FileChannel file = object.file();
            if (file != null) {
                return (int) channel.transferFrom(file, position, count);
            }
            return channel.write(object.read(position, Math.min(count, READ_BYTES)));
        }

        private void close() throws IOException {
            ObjectReader open = reader;
            reader = null;
            if (open != null) {
                open.close();
            }
        }
    }
}
