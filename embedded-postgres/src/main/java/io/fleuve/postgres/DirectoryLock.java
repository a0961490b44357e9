package io.fleuve.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds a data directory for one opener at a time, across processes and within this one. The
 * operating system drops it when the process dies, however it dies.
 */
final class DirectoryLock implements AutoCloseable {

    /**
     * Lock files held by this process. POSIX gives up a process's locks on a file when any
     * descriptor of that file is closed, so a second opener in this process must be turned away
     * before it touches the file.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private DirectoryLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static DirectoryLock acquire(Path file, Path dataDirectory) throws IOException {
        if (!HELD.add(file)) {
            throw inUse(dataDirectory, "this process");
        }
        boolean held = false;
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(dataDirectory, "another process");
            }
            held = true;
            return new DirectoryLock(file, channel);
        } finally {
            if (!held) {
                HELD.remove(file);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    private static EmbeddedPostgresException inUse(Path dataDirectory, String holder) {
        return new EmbeddedPostgresException(
                "The PostgreSQL data directory "
                        + dataDirectory
                        + " is in use by "
                        + holder
                        + ": stop that one first, or use another directory (FLEUVE_DATA_DIR).");
    }

    @Override
    public void close() throws IOException {
        channel.close();
        HELD.remove(file);
    }
}
