package io.fleuve.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The first process of a running server, the one that starts all others. */
final class Postmaster {

    private static final String PID_FILE = "postmaster.pid";
    private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();

    private final ProcessHandle process;

    private Postmaster(ProcessHandle process) {
        this.process = process;
    }

    /**
     * The server that runs on a data directory, whoever started it. The process named in {@code
     * postmaster.pid} counts only when it is a PostgreSQL on this directory: numbers of dead
     * processes are used again.
     */
    static Optional<Postmaster> on(Path dataDirectory) throws IOException {
        return named(dataDirectory)
                .filter(process -> !ended(process) && serves(process, dataDirectory))
                .map(Postmaster::new);
    }

    /**
     * Removes a {@code postmaster.pid} whose number now belongs to a foreign process, which would
     * make the server refuse to start. The caller holds the directory's lock.
     */
    static void forgetForeign(Path dataDirectory) throws IOException {
        Optional<ProcessHandle> named = named(dataDirectory);
        if (named.isPresent() && !serves(named.get(), dataDirectory)) {
            Files.deleteIfExists(dataDirectory.resolve(PID_FILE));
        }
    }

    private static Optional<ProcessHandle> named(Path dataDirectory) throws IOException {
        try (Stream<String> lines = Files.lines(dataDirectory.resolve(PID_FILE))) {
            return lines.findFirst()
                    .map(String::strip)
                    .filter(line -> line.matches("[1-9][0-9]{0,9}"))
                    .flatMap(line -> ProcessHandle.of(Long.parseLong(line)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static boolean serves(ProcessHandle process, Path dataDirectory) {
        String commandLine = process.info().commandLine().orElse("");
        return commandLine.contains("postgres") && commandLine.contains(dataDirectory.toString());
    }

    long pid() {
        return process.pid();
    }

    boolean isRunning() {
        return !ended(process);
    }

    /** Sends SIGKILL to the server and to all that it started, and waits until none is left. */
    void kill(Duration limit) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly(); // first, or it would replace the children
        children.forEach(ProcessHandle::destroyForcibly);
        long deadline = System.nanoTime() + limit.toNanos();
        while (!ended(process) || !children.stream().allMatch(Postmaster::ended)) {
            if (System.nanoTime() - deadline > 0) {
                throw new EmbeddedPostgresException(
                        "PostgreSQL (process " + pid() + ") survived SIGKILL for " + limit);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    boolean awaitEnd(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!ended(process)) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    /** A process nobody has reaped yet still has its number, but it has ended. */
    private static boolean ended(ProcessHandle process) {
        if (!process.isAlive()) {
            return true;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            String state = stat.substring(stat.lastIndexOf(')') + 1).strip();
            return state.startsWith("Z") || state.startsWith("X");
        } catch (IOException e) {
            return !process.isAlive(); // no /proc here, or it ended just now
        }
    }
}
