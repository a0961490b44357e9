package io.fleuve.postgres;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A JVM of its own that opens a data directory, says so, and never closes it. */
final class OpenUntilKilled {

    static final String READY = "ready ";

    private OpenUntilKilled() {}

    public static void main(String[] args) throws InterruptedException {
        EmbeddedPostgres postgres = EmbeddedPostgres.open(Path.of(args[0]));
        System.out.println(READY + postgres.pid());
        new CountDownLatch(1).await();
    }
}
