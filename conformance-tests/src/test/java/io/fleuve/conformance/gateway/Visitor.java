package io.fleuve.conformance.gateway;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A client of a gateway; it may come several times, one after the other. */
interface Visitor {

    /** Does what it does until it is told to go, and leaves nothing open but what it abandons. */
    void visit(BooleanSupplier over);

    /** A pace is a pace: there is nothing to wait for, but to be told to go. */
    static void pause(Duration about, Random random, BooleanSupplier over) {
        long millis = about.toMillis();
        long end = System.nanoTime() + (millis / 2 + random.nextLong(millis + 1)) * 1_000_000;
        while (System.nanoTime() < end && !over.getAsBoolean()) {
            LockSupport.parkNanos(Math.clamp(end - System.nanoTime(), 0, 100_000_000));
        }
    }
}
