package io.fleuve.postgres;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where a server keeps its things: the data directory, and beside it the files that must not be
 * inside it.
 *
 * @param data what PostgreSQL calls PGDATA; absolute, with symbolic links resolved
 */
record ServerFiles(Path data) {

    private static final long LOG_LIMIT_BYTES = 10L << 20;
    private static final int TAIL_BYTES = 4096;

    static ServerFiles of(Path dataDirectory) throws IOException {
        Path absolute = dataDirectory.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new EmbeddedPostgresException("/ cannot be a PostgreSQL data directory");
        }
        Path data = Files.createDirectories(parent).toRealPath().resolve(absolute.getFileName());
        if (data.toString().matches("(?s).*[\"$`\\\\\\n].*")) {
            throw new EmbeddedPostgresException(
                    "The path of the PostgreSQL data directory must be without quotes, backslashes, $ and line"
                            + " breaks: "
                            + data);
        }
        return new ServerFiles(data);
    }

    Path lock() {
        return beside(".lock");
    }

    Path connection() {
        return beside(".connection");
    }

    Path log() {
        return beside(".log");
    }

    /** Where a new data directory grows until it is complete. */
    Path initialising() {
        return beside(".initialising");
    }

    private Path beside(String suffix) {
        return data.resolveSibling(data.getFileName() + suffix);
    }

    boolean isInitialised() {
        return Files.exists(data.resolve("PG_VERSION"));
    }

    /** Keeps the log from growing for ever; to be called while the server is down. */
    void rotateLog() throws IOException {
        if (logSize() > LOG_LIMIT_BYTES) {
            Files.move(log(), beside(".log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * The log, for its owner's eyes only; created when there is none, since the server may not
     * write beside it.
     */
    Path createLog() throws IOException {
        if (!Files.exists(log())) {
            Files.createFile(
                    log(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        }
        return log();
    }

    long logSize() throws IOException {
        return Files.exists(log()) ? Files.size(log()) : 0;
    }

    /**
     * What was written to the log since it had {@code from} bytes, at most its last four kilobytes.
     */
    String logSince(long from) {
        try (RandomAccessFile file = new RandomAccessFile(log().toFile(), "r")) {
            file.seek(Math.max(from, file.length() - TAIL_BYTES));
            byte[] tail = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(tail);
            return new String(tail, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }
}
