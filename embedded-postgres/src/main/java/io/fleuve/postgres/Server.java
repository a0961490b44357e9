package io.fleuve.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts and stops the server on a prepared data directory, by {@code pg_ctl}. */
final class Server {

    private static final Logger LOGGER = LoggerFactory.getLogger(Server.class);

    /**
     * Replaying a full {@code max_wal_size} after a crash takes a slow disk minutes, not seconds.
     */
    private static final Duration START_LIMIT = Duration.ofMinutes(5);

    private static final Duration FAST_STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration HARD_STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration ORPHAN_LIMIT = Duration.ofSeconds(15);

    /**
     * Below the ports that operating systems give to outgoing connections, so that a restart finds
     * its port free.
     */
    private static final int FIRST_PORT = 20_000;

    private static final int LAST_PORT = 32_000;
    private static final int PORT_ATTEMPTS = 50;

    /**
     * Given on the command line, where neither a file nor ALTER SYSTEM overrides them. The first
     * three are what an acknowledged commit rests on; the rest keeps a server small beside its JVM.
     */
    private static final List<String> SETTINGS =
            List.of(
                    "fsync=on",
                    "synchronous_commit=on",
                    "full_page_writes=on",
                    "listen_addresses=127.0.0.1",
                    "unix_socket_directories=",
                    "password_encryption=scram-sha-256",
                    "max_connections=100",
                    "shared_buffers=64MB",
                    "min_wal_size=128MB",
                    "max_wal_size=1GB",
                    "max_wal_senders=0",
                    "checkpoint_timeout=15min",
                    "io_method=sync",
                    "jit=off",
                    "autovacuum=on",
                    "timezone=UTC",
                    "log_timezone=UTC",
                    "log_checkpoints=off",
                    "log_min_error_statement=panic");

    private final PostgresBinaries binaries;
    private final RunAs account;
    private final Platform platform;
    private final ServerFiles files;

    Server(PostgresBinaries binaries, RunAs account, Platform platform, ServerFiles files) {
        this.binaries = binaries;
        this.account = account;
        this.platform = platform;
        this.files = files;
    }

    /**
     * A running server.
     *
     * @param port where it listens on 127.0.0.1
     */
    record Running(Postmaster postmaster, int port) {}

    /** Starts on the preferred port, or on another one when that is taken; recovery included. */
    Running start(int preferredPort) throws IOException {
        files.rotateLog();
        account.own(files.createLog());
        Postmaster.forgetForeign(files.data());
        int port = isFree(preferredPort) ? preferredPort : freePort();
        long orphanDeadline = System.nanoTime() + ORPHAN_LIMIT.toNanos();
        for (int attempt = 1; ; attempt++) {
            long logStart = files.logSize();
            Command.Outcome outcome = pgCtlStart(port);
            if (outcome.succeeded()) {
                Postmaster postmaster =
                        Postmaster.on(files.data())
                                .orElseThrow(() -> failed("it ended at once", logStart));
                return new Running(postmaster, port);
            }
            String log = files.logSince(logStart);
            if (log.contains("could not bind") && attempt < PORT_ATTEMPTS) {
                port = freePort(); // somebody was faster
            } else if (log.contains("shared memory block") && System.nanoTime() < orphanDeadline) {
                // Sessions of a server that was killed are on their way out.
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            } else {
                Postmaster.on(files.data()).ifPresent(left -> left.kill(HARD_STOP_LIMIT));
                throw failed(outcome.output(), logStart);
            }
        }
    }

    private Command.Outcome pgCtlStart(int port) {
        List<String> settings = new ArrayList<>(SETTINGS);
        settings.add("port=" + port);
        if (platform.isMac()) {
            settings.add(
                    "wal_sync_method=fsync_writethrough"); // fsync stops at the drive's cache there
        }
        String options = settings.stream().map(s -> "-c " + s).collect(Collectors.joining(" "));
        // pg_ctl puts the server into a session of its own: Ctrl-C in a terminal reaches the JVM,
        // not the server.
        return pgCtl(START_LIMIT, "start", "-l", files.log().toString(), "-o", options);
    }

    /** Ends all sessions, writes a checkpoint and waits; the next start needs no recovery. */
    void stop(Postmaster postmaster) {
        if (postmaster.isRunning()) {
            Command.Outcome fast = pgCtl(FAST_STOP_LIMIT, "stop", "-m", "fast");
            if (!fast.succeeded() || !postmaster.awaitEnd(HARD_STOP_LIMIT)) {
                LOGGER.atWarn()
                        .addKeyValue("output", fast.output())
                        .log(
                                "PostgreSQL did not stop in time, killing it; the next start will recover");
                postmaster.kill(HARD_STOP_LIMIT);
            }
        }
    }

    /** Stops the server that an earlier owner of the directory left behind when it was killed. */
    void stopOrphan() throws IOException {
        var orphan = Postmaster.on(files.data());
        if (orphan.isPresent()) {
            LOGGER.atInfo()
                    .addKeyValue("pid", orphan.get().pid())
                    .log("stopping the PostgreSQL that an earlier run left behind");
            stop(orphan.get());
        }
    }

    private Command.Outcome pgCtl(Duration limit, String verb, String... options) {
        List<String> words = new ArrayList<>();
        words.addAll(List.of(binaries.program("pg_ctl"), verb, "-D", files.data().toString()));
        words.addAll(List.of("-w", "-s", "-t", Long.toString(limit.toSeconds())));
        words.addAll(List.of(options));
        return Command.run(account.command(words), "", limit.plusSeconds(5));
    }

    private EmbeddedPostgresException failed(String reason, long logStart) {
        return new EmbeddedPostgresException(
                "PostgreSQL on "
                        + files.data()
                        + " did not start: "
                        + reason
                        + "\nEnd of its log ("
                        + files.log()
                        + "):\n"
                        + files.logSince(logStart));
    }

    private static int freePort() {
        for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new EmbeddedPostgresException(
                "No free port for PostgreSQL between " + FIRST_PORT + " and " + LAST_PORT);
    }

    private static boolean isFree(int port) {
        if (port == 0) {
            return false;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
