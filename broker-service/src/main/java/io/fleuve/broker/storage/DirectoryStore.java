package io.fleuve.broker.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * An object store that is a directory: one file an object, shared by all brokers that see the
 * directory.
 *
 * <p>A key is a path below the directory. An append is one gathering write followed by {@code
 * fdatasync}; a new file's directory entry is made durable before its first append returns.
 */
public final class DirectoryStore implements ObjectStore {

    private final Path root;
    private final long maxObjectBytes;
    private final Clock clock;
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

    /**
     * A store in a directory, which is created if it is missing.
     *
     * @param maxObjectBytes the size beyond which an object takes no more appends
     * @throws IOException if the directory cannot be created or written
     */
    public DirectoryStore(Path root, long maxObjectBytes, Clock clock) throws IOException {
        this.root = Files.createDirectories(root).toRealPath();
        Path parent = this.root.getParent();
        if (parent != null) {
            sync(parent);
        }
        this.maxObjectBytes = maxObjectBytes;
        this.clock = clock;
        if (!Files.isWritable(this.root)) {
            throw new IOException("the store's directory cannot be written: " + this.root);
        }
    }

    @Override
    public ObjectWriter create(String key) throws IOException {
        Path file = resolve(key);
        Path directory = createDurably(Objects.requireNonNull(file.getParent()));
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            sync(directory);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new FileWriter(key, channel);
    }

    @Override
    public ObjectReader open(String key) throws IOException {
        return new FileReader(key, FileChannel.open(resolve(key), StandardOpenOption.READ));
    }

    /** Removes the file; and its directory, where it was the last one of a day that is over. */
    @Override
    public void delete(String key) throws IOException {
        Path file = resolve(key);
        Files.deleteIfExists(file);
        Path directory = file.getParent();
        if (directory != null && !isToday(directory)) {
            removeIfEmpty(directory);
        }
    }

    @Override
    public void list(Consumer<Listed> each) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                try {
                    BasicFileAttributes attributes =
                            Files.readAttributes(file, BasicFileAttributes.class);
                    if (attributes.isRegularFile()) {
                        each.accept(
                                new Listed(
                                        root.relativize(file).toString().replace('\\', '/'),
                                        attributes.size(),
                                        attributes.lastModifiedTime().toInstant()));
                    }
                } catch (NoSuchFileException e) {
                    // Deleted meanwhile.
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() {}

    private Path resolve(String key) throws IOException {
        Path file = root.resolve(key).normalize();
        if (!file.startsWith(root)) {
            throw new IOException("not a key of this store: " + key);
        }
        return file;
    }

    /** Whoever has created it: its entry is durable when this returns, and its parents' too. */
    private Path createDurably(Path directory) throws IOException {
        if (directory.equals(root)) {
            return directory;
        }
        Path parent = createDurably(Objects.requireNonNull(directory.getParent()));
        boolean missing = Files.notExists(directory);
        Files.createDirectories(directory);
        if (missing || !durable.contains(directory)) {
            sync(parent);
            durable.add(directory);
        }
        return directory;
    }

    private boolean isToday(Path directory) {
        return directory.endsWith(LocalDate.now(clock.withZone(ZoneOffset.UTC)).toString());
    }

    private void removeIfEmpty(Path directory) {
        try {
            if (!directory.equals(root)) {
                Files.delete(directory);
                durable.remove(directory);
            }
        } catch (IOException e) {
            // Not empty, or gone: both are fine.
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private final class FileWriter implements ObjectWriter {

        private final String key;
        private final FileChannel channel;
        private long size;
        private boolean broken;

        FileWriter(String key, FileChannel channel) {
            this.key = key;
            this.channel = channel;
        }

        @Override
        public String key() {
            return key;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public boolean accepts(long sizeBytes) {
            return !broken && (size == 0 || size + sizeBytes <= maxObjectBytes);
        }

        @Override
        public long append(List<ByteBuffer> buffers) throws IOException {
            if (broken) {
                throw new IOException(
                        "object " + key + " takes no more appends after a failed one");
            }
            // Until it is known to be durable. After a failed fsync nothing is known of the file's
            // pages.
            broken = true;
            long start = size;
            ByteBuffer[] sources = buffers.toArray(ByteBuffer[]::new);
            long length = 0;
            for (ByteBuffer source : sources) {
                length += source.remaining();
            }
            long written = 0;
            int first = 0;
            while (written < length) {
                written += channel.write(sources, first, sources.length - first);
                while (first < sources.length && !sources[first].hasRemaining()) {
                    first++;
                }
            }
            channel.force(false);
            size = start + length;
            broken = false;
            return start;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /**
     * Has a channel of its own: an interrupt closes the channel that its thread reads, and must not
     * close anybody else's.
     */
    private record FileReader(String key, FileChannel channel) implements ObjectReader {

        @Override
        public ByteBuffer read(long position, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining()) {
                int read = channel.read(buffer, position + buffer.position());
                if (read < 0) {
                    throw new IOException(
                            "object %s ends at %d, before %d + %d"
                                    .formatted(key, channel.size(), position, length));
                }
            }
            return buffer.flip();
        }

        @Override
        public FileChannel file() {
            return channel;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
