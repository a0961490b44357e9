package io.fleuve.broker.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An object that is being read. Used by one thread. */
public interface ObjectReader extends AutoCloseable {

    /**
     * Reads {@code length} bytes from {@code position} on.
     *
     * @throws IOException if the store does not answer, or the object is shorter than that
     */
    ByteBuffer read(long position, int length) throws IOException;

    @Override
    void close() throws IOException;
}
