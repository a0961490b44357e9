package io.fleuve.conformance.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Stream;

/**
 * What processes and their descendants use, from Linux's {@code /proc}.
 *
 * @param cpuSeconds user and system time, of children that have ended too
 * @param memoryBytes proportional set size: memory that several processes share counts once
 */
record ProcessUsage(double cpuSeconds, long memoryBytes) {

    private static final ProcessUsage NONE = new ProcessUsage(0, 0);

    /** Clock ticks a second, as Linux shows times in {@code /proc} on every common architecture. */
    private static final double TICKS = 100;

    /**
     * The fields utime, stime, cutime and cstime of {@code /proc/pid/stat}, counted after the
     * command.
     */
    private static final int FIRST_TIME = 11;

    /** The present use. */
    static ProcessUsage of(Collection<Long> roots) {
        return roots.stream()
                .flatMap(root -> ProcessHandle.of(root).stream())
                .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                .map(process -> ofOne(process.pid()))
                .reduce(
                        NONE,
                        (a, b) ->
                                new ProcessUsage(
                                        a.cpuSeconds + b.cpuSeconds,
                                        a.memoryBytes + b.memoryBytes));
    }

    private static ProcessUsage ofOne(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            String stat = Files.readString(process.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = 0;
            for (int field = FIRST_TIME; field < FIRST_TIME + 4; field++) {
                ticks += Long.parseLong(fields[field]);
            }
            long memory;
            try (Stream<String> lines = Files.lines(process.resolve("smaps_rollup"))) {
                memory =
                        lines.filter(line -> line.startsWith("Pss:"))
                                .mapToLong(
                                        line ->
                                                Long.parseLong(line.replaceAll("[^0-9]", ""))
                                                        * 1024)
                                .sum();
            }
            return new ProcessUsage(ticks / TICKS, memory);
        } catch (NoSuchFileException _) {
            // It ended meanwhile; its parent has its time.
            return NONE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
