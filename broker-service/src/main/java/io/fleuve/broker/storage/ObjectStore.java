package io.fleuve.broker.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * An object store, as the log uses it: objects are written once, at their end, by one writer, and
 * read anywhere.
 *
 * <p>Durable means: survives the death of every process and the loss of power. A key is a path of
 * names separated by slashes; the caller chooses it, and chooses none twice.
 */
public interface ObjectStore extends AutoCloseable {

    /**
     * Begins a new object. Nothing is durable before the first {@link ObjectWriter#append}.
     *
     * @throws IOException if the store does not answer, has no room, or has such an object
     */
    ObjectWriter create(String key) throws IOException;

    /**
     * Opens an object for reading; what was opened can be read even if it is deleted meanwhile.
     *
     * @throws IOException if the store does not answer or the object is gone
     */
    ObjectReader open(String key) throws IOException;

    /**
     * Reads {@code length} bytes of an object from {@code position} on.
     *
     * @throws IOException if the store does not answer, the object is gone or shorter than that
     */
    default ByteBuffer read(String key, long position, int length) throws IOException {
        try (ObjectReader reader = open(key)) {
            return reader.read(position, length);
        }
    }

    /** Removes an object; no error if there is none. */
    void delete(String key) throws IOException;

    /** Names all objects, in no order, those that are being written included. */
    void list(Consumer<Listed> each) throws IOException;

    @Override
    void close() throws IOException;

    /**
     * An object that was found in the store.
     *
     * @param modifiedAt when it was last written, by the store's clock
     */
    record Listed(String key, long sizeBytes, Instant modifiedAt) {}
}
