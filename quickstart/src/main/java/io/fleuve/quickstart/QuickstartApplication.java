package io.fleuve.quickstart;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** The program that {@code ./mvnw spring-boot:run} starts. */
public final class QuickstartApplication {

    /** When true, the end of the parent process is the end of this one, too. */
    private static final String END_WITH_PARENT = "fleuve.quickstart.end-with-parent";

    private QuickstartApplication() {}

    public static void main(String[] args) {
        PrintStream out = System.out;
        try {
            QuickstartSettings settings = QuickstartSettings.from(QuickstartApplication::lookup);
            QuickstartLogging.configure(settings.logFile());
            out.print(Announcement.banner());
            Progress progress = new Progress(out);
            Quickstart quickstart = new Quickstart(settings, progress);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> end(quickstart, out), "shutdown"));
            endWithParent();
            quickstart.start();
            out.print(Announcement.ready(settings, progress.sinceStart()));
        } catch (StartFailure e) {
            QuickstartLogging.record(e);
            out.flush();
            System.err.println();
            System.err.println("Fleuve did not start. " + e.getMessage());
            System.exit(1); // the hook stops what had been started
        }
    }

    private static @Nullable String lookup(String variable) {
        String property = System.getProperty(variable);
        return property == null ? System.getenv(variable) : property;
    }

    private static void end(Quickstart quickstart, PrintStream out) {
        long begin = System.nanoTime();
        quickstart.close();
        out.printf("Stopped in %.1f s.%n", (System.nanoTime() - begin) / 1e9);
        out.flush();
    }

    /** A build tool that is killed cannot pass the news on. */
    private static void endWithParent() {
        if (Boolean.getBoolean(END_WITH_PARENT)) {
            ProcessHandle.current()
                    .parent()
                    .ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(0)));
        }
    }
}
