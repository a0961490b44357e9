package io.fleuve.broker.protocol;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.network.TransferableChannel;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/** Records of a fetch in as many buffers as the log gave: sent one after the other, not copied. */
final class GatheredRecords implements BaseRecords {

    private final ByteBuffer[] buffers;
    private final int sizeBytes;

    private GatheredRecords(ByteBuffer[] buffers, int sizeBytes) {
        this.buffers = buffers;
        this.sizeBytes = sizeBytes;
    }

    /** The buffers as records. Their positions and limits are left alone. */
    static BaseRecords of(List<ByteBuffer> buffers) {
        return switch (buffers.size()) {
            case 0 -> MemoryRecords.EMPTY;
            case 1 -> MemoryRecords.readableRecords(buffers.getFirst().slice());
            default ->
                    new GatheredRecords(
                            buffers.toArray(ByteBuffer[]::new),
                            Math.toIntExact(
                                    buffers.stream().mapToLong(ByteBuffer::remaining).sum()));
        };
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

        GatheringSend(GatheredRecords records) {
            super(records, records.sizeInBytes());
            left = new ByteBuffer[records.buffers.length];
            for (int i = 0; i < left.length; i++) {
                left[i] = records.buffers[i].duplicate();
            }
        }

        @Override
        protected int writeTo(TransferableChannel channel, int previouslyWritten, int remaining)
                throws IOException {
            long written = channel.write(left);
            if (written < 0) {
                throw new EOFException("the channel was closed");
            }
            return Math.toIntExact(written);
        }
    }
}
