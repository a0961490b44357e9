package io.fleuve.broker.log;

import io.fleuve.broker.storage.ObjectReader;
import io.fleuve.broker.storage.ObjectStore;
import io.fleuve.broker.storage.ObjectWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/** A store that fails on demand: after half of the bytes, as a full disk does. */
final class FailingStore implements ObjectStore {

    private final ObjectStore store;
    volatile boolean fail;
    volatile boolean error;

    FailingStore(ObjectStore store) {
        this.store = store;
    }

    @Override
    public ObjectWriter create(String key) throws IOException {
        ObjectWriter intake = store.create(key);
        return new ObjectWriter() {
            @Override
            public String key() {
                return intake.key();
            }

            @Override
            public long size() {
                return intake.size();
            }

            @Override
            public boolean accepts(long sizeBytes) {
                return intake.accepts(sizeBytes);
            }

            @Override
            public long append(List<ByteBuffer> buffers) throws IOException {
                if (error) {
                    throw new AssertionError("nobody expects this");
                }
                if (fail) {
                    ByteBuffer first = buffers.getFirst();
                    intake.append(List.of(first.limit(first.position() + first.remaining() / 2)));
                    throw new IOException("no space left on device");
                }
                return intake.append(buffers);
            }

            @Override
            public void close() throws IOException {
                intake.close();
            }
        };
    }

    @Override
    public ObjectReader open(String key) throws IOException {
        return store.open(key);
    }

    @Override
    public void list(Consumer<Listed> each) throws IOException {
        store.list(each);
    }

    @Override
    public void delete(String key) throws IOException {
        store.delete(key);
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
