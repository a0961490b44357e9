package io.fleuve.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Properties;

/**
 * How to reach the server, kept beside its data directory in a file that only its owner may read.
 *
 * @param port where the server listened last, zero before its first start
 * @param password of the only user
 */
record ConnectionFile(int port, String password) {

    private static final int PASSWORD_BYTES = 24;

    /** A password nobody has seen. */
    static ConnectionFile create() {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        return new ConnectionFile(
                0, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    }

    static Optional<ConnectionFile> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        String password = properties.getProperty("password", "");
        if (password.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ConnectionFile(port(properties), password));
    }

    private static int port(Properties properties) {
        try {
            int port = Integer.parseInt(properties.getProperty("port", "0"));
            return port > 0 && port < 65536 ? port : 0;
        } catch (NumberFormatException e) {
            return 0; // only a preference
        }
    }

    ConnectionFile withPort(int newPort) {
        return new ConnectionFile(newPort, password);
    }

    /** Replaces the file in one step; it is on disk when this returns. */
    void write(Path file) throws IOException {
        String text =
                "database=%s%nuser=%s%nport=%d%npassword=%s%n"
                        .formatted(
                                EmbeddedPostgres.DATABASE, EmbeddedPostgres.USER, port, password);
        Path unfinished = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(unfinished);
        try (FileChannel channel =
                FileChannel.open(
                        unfinished,
                        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(
                unfinished,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        Trees.syncName(file);
    }
}
