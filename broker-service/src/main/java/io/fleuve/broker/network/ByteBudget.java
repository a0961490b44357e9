package io.fleuve.broker.network;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A budget of bytes that all connections share. It is taken before a request's body is read, so
 * that load becomes back-pressure on the sockets instead of memory. First come, first served: a
 * large request is not starved by small ones.
 */
final class ByteBudget {

    /** A semaphore counts in int: so it counts kibibytes. */
    private static final int UNIT = 1_024;

    private static final long POLL_MS = 1_000;

    private final int units;
    private final Semaphore free;

    ByteBudget(long bytes) {
        units = Math.clamp((bytes + UNIT - 1) / UNIT, 1, Integer.MAX_VALUE);
        free = new Semaphore(units, true);
    }

    /**
     * Takes as much as these bytes need, when there is as much.
     *
     * @return what was taken, to be given back; 0 if {@code abandoned} became true before
     */
    int take(int bytes, BooleanSupplier abandoned) throws InterruptedException {
        int wanted = Math.min(units, Math.max(1, (bytes + UNIT - 1) / UNIT));
        // The timed form queues behind those who came before; the other one would jump the queue.
        while (!abandoned.getAsBoolean()) {
            if (free.tryAcquire(wanted, POLL_MS, TimeUnit.MILLISECONDS)) {
                return wanted;
            }
        }
        return 0;
    }

    /** Gives back what {@link #take} returned. */
    void giveBack(int taken) {
        free.release(taken);
    }

    long takenBytes() {
        return (long) (units - free.availablePermits()) * UNIT;
    }
}
