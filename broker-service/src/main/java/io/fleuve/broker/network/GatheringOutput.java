package io.fleuve.broker.network;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.network.TransferableChannel;

/**
 * A connection's way out, as Kafka's {@code Send} wants it.
 *
 * <p>Buffers are collected, not copied, until {@link #flush()} gathers them into as few system
 * calls as there may be: header, records of any number of batches, and trailer leave together.
 * Whatever was handed over must stay as it is until then. Used by one thread at a time.
 */
final class GatheringOutput implements TransferableChannel {

    /** The JDK copies heap buffers into direct ones of the same size, and keeps these: so few. */
    private static final int MAX_BUFFERS_PER_WRITE = 16;

    private static final int COPIED_BYTES = 16 * 1_024;

    private static final int MAX_BYTES_PER_WRITE = 256 * 1_024;

    private final SocketChannel socket;
    private final Runnable onProgress;
    private final List<ByteBuffer> pending = new ArrayList<>();
    private final ByteBuffer[] window = new ByteBuffer[MAX_BUFFERS_PER_WRITE];

    /**
     * @param onProgress called whenever the socket has taken bytes
     */
    GatheringOutput(SocketChannel socket, Runnable onProgress) {
        this.socket = socket;
        this.onProgress = onProgress;
    }

    /** Writes all that was collected. Blocks until the socket has taken it. */
    void flush() throws IOException {
        try {
            int first = 0;
            while (first < pending.size()) {
                if (!pending.get(first).hasRemaining()) {
                    first++;
                    continue;
                }
                writeSome(first);
                onProgress.run();
            }
        } finally {
            pending.clear();
            Arrays.fill(window, null);
        }
    }

    private void writeSome(int first) throws IOException {
        int count = 0;
        int bytes = 0;
        while (count < window.length
                && first + count < pending.size()
                && bytes < MAX_BYTES_PER_WRITE) {
            ByteBuffer buffer = pending.get(first + count);
            window[count++] = buffer;
            bytes += buffer.remaining();
        }
        ByteBuffer last = window[count - 1];
        int limit = last.limit();
        last.limit(limit - Math.max(0, bytes - MAX_BYTES_PER_WRITE));
        try {
            if (count == 1) {
                socket.write(last);
            } else {
                socket.write(window, 0, count);
            }
        } finally {
            last.limit(limit);
        }
    }

    @Override
    public int write(ByteBuffer buffer) {
        int size = buffer.remaining();
        if (size > 0) {
            pending.add(buffer.duplicate());
            buffer.position(buffer.limit());
        }
        return size;
    }

    @Override
    public long write(ByteBuffer[] buffers, int offset, int length) {
        long size = 0;
        for (int i = offset; i < offset + length; i++) {
            size += write(buffers[i]);
        }
        return size;
    }

    @Override
    public long write(ByteBuffer[] buffers) {
        return write(buffers, 0, buffers.length);
    }

    /**
     * Sends bytes of a file without reading them. Blocks until at least one is sent; those that
     * were collected before leave first.
     *
     * @throws EOFException if the file ends before {@code position}
     */
    @Override
    public long transferFrom(FileChannel file, long position, long count) throws IOException {
        flush();
        long sent = file.transferTo(position, count, socket);
        if (sent == 0 && count > 0) {
            sent = copyFrom(file, position, count);
        }
        onProgress.run();
        return sent;
    }

    /** The socket takes nothing now: writing waits for it, transferring may not. */
    private long copyFrom(FileChannel file, long position, long count) throws IOException {
        ByteBuffer some = ByteBuffer.allocate((int) Math.min(count, COPIED_BYTES));
        if (file.read(some, position) <= 0) {
            throw new EOFException("the file ends before " + position);
        }
        some.flip();
        return socket.write(some);
    }

    @Override
    public boolean hasPendingWrites() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
