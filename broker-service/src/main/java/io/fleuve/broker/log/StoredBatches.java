package io.fleuve.broker.log;

import io.fleuve.broker.storage.ObjectReader;
import io.fleuve.broker.storage.ObjectStore;
import java.io.IOException;

/**
 * Whole batches that were found and not read: they can be sent from where they lie.
 *
 * <p>They lie there for a while longer, also if they are merged or deleted meanwhile: as long as
 * objects stay in the store after their last piece has moved.
 */
public final class StoredBatches {

    private final ObjectStore store;
    private final String key;
    private final long position;
    private final int sizeBytes;
    private final long nextOffset;

    StoredBatches(ObjectStore store, String key, long position, int sizeBytes, long nextOffset) {
        this.store = store;
        this.key = key;
        this.position = position;
        this.sizeBytes = sizeBytes;
        this.nextOffset = nextOffset;
    }

    /** Opens the object that they lie in. */
    public ObjectReader open() throws IOException {
        return store.open(key);
    }

    /** Where they begin in the object. */
    public long position() {
        return position;
    }

    public int sizeBytes() {
        return sizeBytes;
    }

    /** The offset after the last of them, or of a later batch if there is none in between. */
    public long nextOffset() {
        return nextOffset;
    }
}
