package io.fleuve.broker.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** An object that is being written. Used by one thread. */
public interface ObjectWriter extends AutoCloseable {

    /** The object's name in the store. */
    String key();

    /** Bytes so far: where the next append begins. */
    long size();

    /** Whether another append is possible: stores without appending take one only. */
    boolean accepts(long sizeBytes);

    /**
     * Appends the buffers one after the other; durable when it returns. After an error the object
     * takes no more appends, and what the failed one left behind is never referred to.
     *
     * @return the position of the first byte
     */
    long append(List<ByteBuffer> buffers) throws IOException;

    @Override
    void close() throws IOException;
}
