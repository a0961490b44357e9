package io.fleuve.broker.protocol;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A budget of bytes that the answers of all fetches share, each from its reading until it has been
 * sent. Where little is free fetches get less, but nobody waits for it.
 *
 * <p>So that every consumer gets on, one answer of each connection may hold one batch that there is
 * no room for: all answers together hold the budget and one batch a connection at most.
 */
final class FetchBudget {

    private final long totalBytes;
    private final AtomicLong freeBytes;

    /** Connections that have an answer with a batch that there was no room for. */
    private final Set<String> overdrawn = ConcurrentHashMap.newKeySet();

    FetchBudget(long bytes) {
        totalBytes = bytes;
        freeBytes = new AtomicLong(bytes);
    }

    /** What is taken; more than the budget while it is overdrawn. */
    long takenBytes() {
        return totalBytes - freeBytes.get();
    }

    /** An empty share, for one answer of that connection. */
    Share share(String connectionId) {
        return new Share(connectionId);
    }

    /** What one answer holds. One thread fills it; any thread may give it back. */
    final class Share {

        private final String connectionId;
        private long heldBytes;
        private boolean overdrawing;
        private boolean overdraftUsed;

        private Share(String connectionId) {
            this.connectionId = connectionId;
        }

        /** Takes as many bytes, or what is free if that is less, before they are read. */
        synchronized int take(int wanted) {
            long free = freeBytes.getAndUpdate(now -> now - Math.clamp(now, 0, wanted));
            int taken = Math.clamp(free, 0, wanted);
            heldBytes += taken;
            return taken;
        }

        /** Whether this answer may hold one batch that there is no room for. */
        synchronized boolean overdraw() {
            if (!overdrawing) {
                overdrawing = overdrawn.add(connectionId);
            }
            return overdrawing;
        }

        /** Corrects what was taken to what was read. */
        synchronized void settle(int taken, int read) {
            heldBytes += read - taken;
            freeBytes.addAndGet(taken - read);
            overdraftUsed |= overdrawing && read > taken;
            if (!overdraftUsed) {
                endOverdraft();
            }
        }

        /** Gives back all that is held. */
        synchronized void giveBack() {
            freeBytes.addAndGet(heldBytes);
            heldBytes = 0;
            endOverdraft();
        }

        private void endOverdraft() {
            overdraftUsed = false;
            if (overdrawing) {
                overdrawing = false;
                overdrawn.remove(connectionId);
            }
        }
    }
}
