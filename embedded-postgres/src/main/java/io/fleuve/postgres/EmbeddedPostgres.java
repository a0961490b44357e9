package io.fleuve.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server that this JVM owns, on a data directory that outlives it.
 *
 * <p>A committed transaction survives the death of the server, of this JVM and of the machine:
 * {@code fsync}, {@code synchronous_commit} and {@code full_page_writes} are on and cannot be
 * turned off. The server listens on 127.0.0.1 only and asks for a random password (SCRAM-SHA-256).
 * Beside a data directory {@code x} there are {@code x.lock} (one owner at a time), {@code
 * x.connection} (port and password, readable by its owner alone) and {@code x.log}.
 *
 * <p>Opening a directory whose owner was killed stops the server that was left behind, if there is
 * one, and recovers. Methods may be called from any thread.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    static final String DATABASE = "fleuve";
    static final String USER = "fleuve";

    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private final ServerFiles files;
    private final Server server;
    private final String password;
    private final @Nullable Path temporaryRoot;
    private final @Nullable Thread shutdownHook;

    private ConnectionFile connection;
    private Postmaster postmaster;
    private @Nullable DirectoryLock lock;

    private EmbeddedPostgres(Path dataDirectory, @Nullable Path temporaryRoot) throws IOException {
        Platform platform = Platform.current();
        RunAs account = RunAs.detect();
        PostgresBinaries binaries =
                PostgresBinaries.in(PostgresBinaries.cache(account, platform), platform);
        this.temporaryRoot = temporaryRoot;
        this.files = ServerFiles.of(dataDirectory);
        this.server = new Server(binaries, account, platform, files);
        DirectoryLock acquired = DirectoryLock.acquire(files.lock(), files.data());
        try {
            server.stopOrphan();
            this.connection = new Cluster(binaries, account, files).prepare();
            this.password = connection.password();
            this.postmaster = launch();
        } catch (IOException | RuntimeException e) {
            acquired.close();
            throw e;
        }
        this.lock = acquired;
        this.shutdownHook = temporaryRoot == null ? null : new Thread(this::discard);
        if (shutdownHook != null) {
            Runtime.getRuntime().addShutdownHook(shutdownHook);
        }
    }

    /**
     * Starts a server on a data directory, which is created when it does not exist. The caller
     * closes it: nothing is done at the end of the JVM.
     *
     * @throws EmbeddedPostgresException when the directory is in use or foreign, or the server does
     *     not start
     */
    public static EmbeddedPostgres open(Path dataDirectory) {
        try {
            return new EmbeddedPostgres(dataDirectory, null);
        } catch (IOException | UncheckedIOException e) {
            throw new EmbeddedPostgresException(
                    "Cannot open the PostgreSQL data directory " + dataDirectory + ": " + e, e);
        }
    }

    /**
     * Starts a server on a directory of its own that is deleted at close, or else at the end of the
     * JVM.
     */
    public static EmbeddedPostgres temporary() {
        try {
            Path root = Files.createTempDirectory("fleuve-postgres-");
            // Another account may have to pass through; the data directory itself is closed to
            // others.
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
            return new EmbeddedPostgres(root.resolve("data"), root);
        } catch (IOException | UncheckedIOException e) {
            throw new EmbeddedPostgresException("Cannot start a temporary PostgreSQL: " + e, e);
        }
    }

    /** Address for JDBC, without credentials. */
    public synchronized String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + connection.port() + "/" + DATABASE;
    }

    /** The only role, a superuser. */
    public String user() {
        return USER;
    }

    public String password() {
        return password;
    }

    /**
     * TCP port on 127.0.0.1; the same again after a restart unless somebody else took it meanwhile.
     */
    public synchronized int port() {
        return connection.port();
    }

    /** Process id of the postmaster that was started last. */
    public synchronized long pid() {
        return postmaster.pid();
    }

    public Path dataDirectory() {
        return files.data();
    }

    /** Whether the server process lives. */
    public synchronized boolean isRunning() {
        return postmaster.isRunning();
    }

    /**
     * Ends the server and everything it started with SIGKILL, as a crash would, and gives up the
     * directory: another {@link #open} or {@link #restart} recovers it.
     */
    public synchronized void kill() {
        postmaster.kill(KILL_LIMIT);
        release();
    }

    /** Stops the server if it runs and starts it again, by preference on the same port. */
    public synchronized void restart() {
        try {
            if (lock == null) {
                lock = DirectoryLock.acquire(files.lock(), files.data());
            }
            server.stop(postmaster);
            postmaster = launch();
        } catch (IOException e) {
            throw new EmbeddedPostgresException(
                    "Cannot restart PostgreSQL on " + files.data() + ": " + e, e);
        }
    }

    /** Disconnects all sessions, writes a checkpoint, and returns when the server is gone. */
    @Override
    public synchronized void close() {
        if (lock != null) {
            server.stop(postmaster);
            release();
        }
        if (temporaryRoot != null) {
            deleteTemporaryRoot();
            forgetShutdownHook();
        }
    }

    private Postmaster launch() throws IOException {
        Server.Running running = server.start(connection.port());
        if (running.port() != connection.port()) {
            connection = connection.withPort(running.port());
            connection.write(files.connection());
        }
        LOGGER.atInfo()
                .addKeyValue("directory", files.data())
                .addKeyValue("port", running.port())
                .addKeyValue("pid", running.postmaster().pid())
                .log("PostgreSQL is ready");
        return running.postmaster();
    }

    private void release() {
        DirectoryLock held = lock;
        lock = null;
        if (held != null) {
            try {
                held.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The end of the JVM: nobody will read these data again, so there is nothing to write back. */
    private synchronized void discard() {
        if (lock != null) {
            kill();
        }
        deleteTemporaryRoot();
    }

    private void deleteTemporaryRoot() {
        if (temporaryRoot == null) {
            return;
        }
        try {
            Trees.delete(temporaryRoot);
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("directory", temporaryRoot)
                    .setCause(e)
                    .log("cannot delete the temporary PostgreSQL directory");
        }
    }

    private void forgetShutdownHook() {
        if (shutdownHook == null) {
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // The JVM is already ending; the hook finds nothing left to do.
        }
    }
}
