package io.fleuve.broker.network;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Cuts a connection's bytes into frames: four bytes of size (big-endian, itself not counted), then
 * as many bytes of request.
 *
 * <p>What has arrived is read ahead into a small buffer that the connection keeps, so that a small
 * request costs one system call. The rest of a larger one goes straight into the frame's array.
 */
final class FrameReader {

    private static final int READ_AHEAD = 8 * 1_024;

    /** The JDK copies through a direct buffer as large as one read: keep that small. */
    private static final int MAX_READ = 256 * 1_024;

    /** Smaller than a request header: API key, version, correlation id. */
    private static final int MIN_FRAME = 8;

    private final ReadableByteChannel channel;
    private static final short PRODUCE = 0;

    private final int maxFrameBytes;
    private final int maxOtherFrameBytes;
    private final ByteBuffer ahead = ByteBuffer.allocate(READ_AHEAD).flip();

    /**
     * @param maxFrameBytes the largest Produce
     * @param maxOtherFrameBytes the largest request of any other API
     */
    FrameReader(ReadableByteChannel channel, int maxFrameBytes, int maxOtherFrameBytes) {
        this.channel = channel;
        this.maxFrameBytes = maxFrameBytes;
        this.maxOtherFrameBytes = maxOtherFrameBytes;
    }

    /**
     * Waits for the first byte of a frame.
     *
     * @return false at the end of the stream
     */
    boolean awaitFrame() throws IOException {
        return ahead.hasRemaining() || fill();
    }

    /** Reads the size of the next frame; what its API may be is known before it is read. */
    int readSize() throws IOException, MalformedRequestException {
        await(Integer.BYTES);
        int size = ahead.getInt(ahead.position());
        if (size < MIN_FRAME || size > maxFrameBytes) {
            throw wrongSize(size, maxFrameBytes, "unknown");
        }
        if (size > maxOtherFrameBytes) {
            await(Integer.BYTES + Short.BYTES);
            short api = ahead.getShort(ahead.position() + Integer.BYTES);
            if (api != PRODUCE) {
                throw wrongSize(
                        size,
                        maxOtherFrameBytes,
                        ApiKeys.hasId(api) ? ApiKeys.forId(api).name : "unknown");
            }
        }
        return ahead.getInt();
    }

    private void await(int bytes) throws IOException {
        while (ahead.remaining() < bytes) {
            if (!fill()) {
                throw new EOFException("the connection ended within the size of a frame");
            }
        }
    }

    private static MalformedRequestException wrongSize(int size, int max, String api) {
        return new MalformedRequestException(
                api, "a frame of %d bytes; allowed are %d to %d".formatted(size, MIN_FRAME, max));
    }

    /** Reads a frame's body into an array of its own. */
    ByteBuffer readBody(int size) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(size);
        int known = Math.min(size, ahead.remaining());
        frame.put(0, ahead, ahead.position(), known).position(known);
        ahead.position(ahead.position() + known);
        while (frame.position() < size) {
            frame.limit(Math.min(size, frame.position() + MAX_READ));
            if (channel.read(frame) < 0) {
                throw new EOFException(
                        "the connection ended after %d of the %d bytes of a frame"
                                .formatted(frame.position(), size));
            }
        }
        return frame.limit(size).position(0);
    }

    private boolean fill() throws IOException {
        ahead.compact();
        int read;
        try {
            read = channel.read(ahead);
        } finally {
            ahead.flip();
        }
        return read >= 0;
    }
}
