package io.fleuve.broker.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** An object that is being read. Used by one thread. */
public interface ObjectReader extends AutoCloseable {

    /**
     * Reads {@code length} bytes from {@code position} on.
     *
     * @throws IOException if the store does not answer, or the object is shorter than that
     */
    ByteBuffer read(long position, int length) throws IOException;

    /**
     * The file that the object is, if it is one: what can be sent without being read. Closed with
     * the reader.
     */
    @Nullable FileChannel file();

    @Override
    void close() throws IOException;
}
