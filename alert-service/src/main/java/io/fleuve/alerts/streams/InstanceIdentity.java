package io.fleuve.alerts.streams;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The name under which the consumer groups know this instance again after a restart (static
 * membership, KIP-345): a random one, kept in the state directory. Without it, a group waits a
 * session timeout for an instance that crashed before its successor gets partitions.
 *
 * <p>Two instances with one name would push each other out of the group, so the file is locked for
 * as long as the instance lives; who finds it locked, or cannot write it, has no name.
 */
public final class InstanceIdentity implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(InstanceIdentity.class);
    private static final int MAX_BYTES = 64;

    private final @Nullable FileChannel channel;
    private final @Nullable String id;

    private InstanceIdentity(@Nullable FileChannel channel, @Nullable String id) {
        this.channel = channel;
        this.id = id;
    }

    /** The identity of the instance whose state is in {@code directory}. */
    public static InstanceIdentity in(Path directory, String applicationId) {
        Path file = directory.resolve(applicationId + ".instance-id");
        FileChannel channel = null;
        try {
            Files.createDirectories(directory);
            channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                return nameless(channel, file, "another process uses it");
            }
            return new InstanceIdentity(channel, nameIn(channel));
        } catch (OverlappingFileLockException e) {
            return nameless(channel, file, "another instance in this process uses it");
        } catch (IOException e) {
            return nameless(channel, file, String.valueOf(e.getMessage()));
        }
    }

    /** The name, if there is one. */
    public Optional<String> id() {
        return Optional.ofNullable(id);
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }

    private static String nameIn(FileChannel channel) throws IOException {
        ByteBuffer kept = ByteBuffer.allocate(MAX_BYTES);
        while (kept.hasRemaining() && channel.read(kept, kept.position()) > 0) {
            // reads on
        }
        String name = new String(kept.array(), 0, kept.position(), StandardCharsets.UTF_8).strip();
        if (name.length() == UUID.randomUUID().toString().length()) {
            return name;
        }
        String fresh = UUID.randomUUID().toString();
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(fresh.getBytes(StandardCharsets.UTF_8)), 0);
        channel.force(true);
        return fresh;
    }

    private static InstanceIdentity nameless(
            @Nullable FileChannel channel, Path file, String reason) {
        closeQuietly(channel);
        LOGGER.atWarn()
                .addKeyValue("file", file)
                .addKeyValue("reason", reason)
                .log("this instance has no lasting name: after a crash its partitions wait");
        return new InstanceIdentity(null, null);
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOGGER.atDebug().setCause(e).log("the instance's name was not released");
        }
    }
}
