package io.fleuve.gateway.limits;

import io.fleuve.gateway.limits.TokenBucket.Decision;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** A {@link TokenBucket} for each client, of a bounded number of clients. */
final class RateLimiter {

    private final RateLimits limits;
    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, TokenBucket> buckets;

    RateLimiter(RateLimits limits, LongSupplier nanoClock) {
        this.limits = limits;
        this.nanoClock = nanoClock;
        this.buckets =
                new LinkedHashMap<>(64, 0.75f, true) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
                        return size() > limits.maxClients();
                    }
                };
    }

    /** Counts a request of {@code client}. */
    Decision take(String client) {
        long now = nanoClock.getAsLong();
        return bucketOf(client, now).take(now);
    }

    private TokenBucket bucketOf(String client, long now) {
        lock.lock();
        try {
            return buckets.computeIfAbsent(
                    client, _ -> new TokenBucket(limits.requestsPerSecond(), limits.burst(), now));
        } finally {
            lock.unlock();
        }
    }
}
