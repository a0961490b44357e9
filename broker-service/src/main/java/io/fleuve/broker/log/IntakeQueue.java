package io.fleuve.broker.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Batches that wait to be written, in order of arrival; bounded in bytes. */
final class IntakeQueue {

    /** What became of an offer. */
    enum Offer {
        TAKEN,
        FULL,
        CLOSED
    }

    private final int maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<PendingAppend> waiting = new ArrayDeque<>();
    private long sizeBytes;
    private boolean closed;

    IntakeQueue(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    Offer offer(PendingAppend append) {
        return offer(List.of(append));
    }

    /** Takes all of them or none. Those that belong together are taken out together. */
    Offer offer(List<PendingAppend> appends) {
        long added = appends.stream().mapToLong(PendingAppend::sizeBytes).sum();
        lock.lock();
        try {
            if (closed) {
                return Offer.CLOSED;
            }
            if (!waiting.isEmpty() && sizeBytes + added > maxBytes) {
                return Offer.FULL;
            }
            if (waiting.isEmpty()) {
                arrived.signal();
            }
            waiting.addAll(appends);
            sizeBytes += added;
            return Offer.TAKEN;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until there is something, then takes up to {@code flushBytes}, at least one; empty when
     * closed, or when nothing has come in {@code maxWaitNanos}.
     *
     * <p>A producer's transaction may be asked to end twice at a time, by its client and because
     * its time is over: the second end waits for the next flush, so that it finds what the first
     * has done.
     */
    List<PendingAppend> take(int flushBytes, long maxWaitNanos) throws InterruptedException {
        lock.lock();
        try {
            long left = maxWaitNanos;
            while (waiting.isEmpty() && !closed && left > 0) {
                left = arrived.awaitNanos(left);
            }
            List<PendingAppend> taken = new ArrayList<>();
            Set<Long> ending = new HashSet<>();
            long size = 0;
            PendingAppend next = waiting.peek();
            while (next != null) {
                boolean continues = !taken.isEmpty() && next.belongsWith(taken.getLast());
                boolean fits = taken.isEmpty() || size + next.sizeBytes() <= flushBytes;
                if (!continues && (!fits || endsAgain(next, ending))) {
                    break;
                }
                waiting.remove();
                taken.add(next);
                size += next.sizeBytes();
                next = waiting.peek();
            }
            sizeBytes -= size;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private static boolean endsAgain(PendingAppend append, Set<Long> ending) {
        TransactionEnd end = append.end();
        return end != null && !ending.add(end.producerId());
    }

    /** Takes those that arrived before that time, by {@link System#nanoTime()}. */
    List<PendingAppend> takeOlderThan(long nanos) {
        lock.lock();
        try {
            List<PendingAppend> taken = new ArrayList<>();
            PendingAppend next = waiting.peek();
            while (next != null
                    && (next.sinceNanos() - nanos < 0
                            || (!taken.isEmpty() && next.belongsWith(taken.getLast())))) {
                waiting.remove();
                taken.add(next);
                sizeBytes -= next.sizeBytes();
                next = waiting.peek();
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more; what waits can still be taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it was closed and all that it took was taken. */
    boolean isDrained() {
        lock.lock();
        try {
            return closed && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    long sizeBytes() {
        lock.lock();
        try {
            return sizeBytes;
        } finally {
            lock.unlock();
        }
    }
}
