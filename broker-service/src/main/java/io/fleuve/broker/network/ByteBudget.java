package io.fleuve.broker.network;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A budget of bytes that all connections share. It is taken before a request's body is read, so
 * that load becomes back-pressure on the sockets instead of memory. First come, first served: a
 * large request is not starved by small ones.
 *
 * <p>Large requests (of more than a sixty-fourth of the budget) that have not arrived yet hold half
 * of it at most, all together: clients that announce much and send nothing keep only each other
 * waiting, and nobody whose requests are ordinary.
 */
final class ByteBudget {

    /** A semaphore counts in int: so it counts kibibytes. */
    private static final int UNIT = 1_024;

    private static final long POLL_MS = 1_000;

    private static final int LARGE_FRACTION = 64;

    private final int units;
    private final Semaphore free;

    /** What large requests that have not arrived yet may still take. */
    private final Semaphore arriving;

    ByteBudget(long bytes) {
        units = Math.clamp((bytes + UNIT - 1) / UNIT, 1, Integer.MAX_VALUE);
        free = new Semaphore(units, true);
        arriving = new Semaphore(half(), true);
    }

    /**
     * Takes as much as the bytes of a request need, when there is as much.
     *
     * @return what was taken, to be {@link #arrived} and then to be given back; 0 if {@code
     *     abandoned} became true before
     */
    int take(int bytes, BooleanSupplier abandoned) throws InterruptedException {
        int wanted = Math.min(units, Math.max(1, (bytes + UNIT - 1) / UNIT));
        // In this order: who waits here must not be in the way of those who need not.
        if (!acquire(arriving, arrivingUnits(wanted), abandoned)) {
            return 0;
        }
        boolean taken = false;
        try {
            taken = acquire(free, wanted, abandoned);
        } finally {
            if (!taken) {
                arrived(wanted);
            }
        }
        return taken ? wanted : 0;
    }

    private static boolean acquire(Semaphore from, int wanted, BooleanSupplier abandoned)
            throws InterruptedException {
        if (wanted == 0) {
            return true;
        }
        // The timed form queues behind those who came before; the other one would jump the queue.
        while (!abandoned.getAsBoolean()) {
            if (from.tryAcquire(wanted, POLL_MS, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }

    private int half() {
        return Math.max(1, units / 2);
    }

    private int arrivingUnits(int taken) {
        return taken > units / LARGE_FRACTION ? Math.min(taken, half()) : 0;
    }

    /** The request that this was taken for has arrived, or does not any more. Said once. */
    void arrived(int taken) {
        arriving.release(arrivingUnits(taken));
    }

    /** Gives back what {@link #take} returned. */
    void giveBack(int taken) {
        free.release(taken);
    }

    long takenBytes() {
        return (long) (units - free.availablePermits()) * UNIT;
    }
}
