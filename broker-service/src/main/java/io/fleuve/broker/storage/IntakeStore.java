package io.fleuve.broker.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An object store, as the log uses it: objects are written once, at their end, by one writer, and
 * read anywhere.
 *
 * <p>Durable means: survives the death of every process and the loss of power.
 */
public interface IntakeStore extends AutoCloseable {

    /**
     * Begins a new object. Nothing is durable before the first {@link Intake#append}.
     *
     * @throws IOException if the store does not answer or has no room
     */
    Intake open() throws IOException;

    /**
     * Reads {@code length} bytes of an object from {@code position} on.
     *
     * @throws IOException if the store does not answer, the object is gone or shorter than that
     */
    ByteBuffer read(String key, long position, int length) throws IOException;

    /** Removes an object; no error if there is none. */
    void delete(String key) throws IOException;

    @Override
    void close() throws IOException;

    /** An object that is being written. Used by one thread. */
    interface Intake extends AutoCloseable {

        /** The object's name in the store. */
        String key();

        /** Bytes so far: where the next append begins. */
        long size();

        /** Whether another append is possible: stores without appending take one only. */
        boolean accepts(long sizeBytes);

        /**
         * Appends the buffers one after the other; durable when it returns. After an error the
         * object takes no more appends, and what the failed one left behind is never referred to.
         *
         * @return the position of the first byte
         */
        long append(List<ByteBuffer> buffers) throws IOException;

        @Override
        void close() throws IOException;
    }
}
