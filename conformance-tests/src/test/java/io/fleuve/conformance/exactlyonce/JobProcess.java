package io.fleuve.conformance.exactlyonce;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A job in a process of its own, which can be killed. */
final class JobProcess {

    private static final int SHOWN = 6_000;

    private final String name;
    private final Path log;
    private final Process process;

    JobProcess(String name, List<String> command, Path log) throws IOException {
        this.name = name;
        this.log = log;
        this.process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.appendTo(log.toFile()))
                        .start();
        // Whoever ends this JVM ends its jobs, too.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** Throws if it does not run any more, though nobody has ended it. */
    void check() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException(name + " ended:\n" + tail());
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Closes its standard input and waits for its good end. */
    void finish(int limitSeconds) throws IOException, InterruptedException {
        process.getOutputStream().close();
        boolean ended = process.waitFor(limitSeconds, TimeUnit.SECONDS);
        if (!ended || process.exitValue() != 0) {
            kill();
            throw new IllegalStateException(
                    "%s %s:\n%s"
                            .formatted(name, ended ? "failed" : "did not come to its end", tail()));
        }
    }

    private String tail() throws IOException {
        String all = Files.readString(log);
        return all.substring(Math.max(0, all.length() - SHOWN));
    }
}
