package io.fleuve.quickstart;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Supplier;

/** Tells on the console which part is starting and how long it took. */
final class Progress {

    private final PrintStream out;
    private final long start = System.nanoTime();

    Progress(PrintStream out) {
        this.out = out;
    }

    /** Does the work, with a line when it begins and one when it is done. */
    <T> T report(String title, Supplier<T> work) {
        long begin = System.nanoTime();
        say("starting " + title);
        T result = work.get();
        say("%s is up after %s".formatted(title, seconds(System.nanoTime() - begin)));
        return result;
    }

    void say(String text) {
        out.printf("[%6s] %s%n", seconds(System.nanoTime() - start), text);
    }

    String sinceStart() {
        return seconds(System.nanoTime() - start);
    }

    private static String seconds(long nanos) {
        return "%.1f s".formatted(Duration.ofNanos(nanos).toMillis() / 1000.0);
    }
}
