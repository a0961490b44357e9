package io.fleuve.gateway.kafka;

import io.fleuve.gateway.kafka.KafkaClients.Metered;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that is made when first needed, so that the gateway starts before its brokers do, and
 * made anew when it has failed for good. A failed creation is tried again by the next caller.
 */
final class LazyClient<C> implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Supplier<Metered<C>> factory;
    private final BiConsumer<C, Duration> closer;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Metered<C> current;
    private boolean closed;

    LazyClient(Supplier<Metered<C>> factory, BiConsumer<C, Duration> closer) {
        this.factory = factory;
        this.closer = closer;
    }

    C get() {
        Metered<C> seen = current;
        if (seen != null) {
            return seen.client();
        }
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the gateway is shutting down");
            }
            Metered<C> made = current;
            if (made == null) {
                made = factory.get();
                current = made;
            }
            return made.client();
        } finally {
            lock.unlock();
        }
    }

    /** Gives {@code broken} up, if it is still the current one; true if this call did so. */
    @SuppressWarnings("ReferenceEquality") // It is about this very client, not one like it.
    boolean discard(C broken) {
        Metered<C> old;
        lock.lock();
        try {
            old = current;
            if (old == null || old.client() != broken) {
                return false;
            }
            current = null;
        } finally {
            lock.unlock();
        }
        // Not here: the caller may be the client's own thread, which cannot wait for itself.
        Thread.ofVirtual().name("gateway-discard-client").start(() -> release(old, Duration.ZERO));
        return true;
    }

    private void release(Metered<C> metered, Duration timeout) {
        metered.metrics().close();
        closer.accept(metered.client(), timeout);
    }

    @Override
    public void close() {
        Metered<C> last;
        lock.lock();
        try {
            closed = true;
            last = current;
            current = null;
        } finally {
            lock.unlock();
        }
        if (last != null) {
            release(last, CLOSE_TIMEOUT);
        }
    }
}
