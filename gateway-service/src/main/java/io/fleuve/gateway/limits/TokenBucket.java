package io.fleuve.gateway.limits;

/**
 * Tokens that come at a steady rate up to a capacity; each request takes one. Full to begin with.
 */
final class TokenBucket {

    private static final double NANOS_PER_SECOND = 1e9;

    private final double perSecond;
    private final int capacity;
    private double tokens;
    private long asOfNanos;

    TokenBucket(double perSecond, int capacity, long nowNanos) {
        this.perSecond = perSecond;
        this.capacity = capacity;
        this.tokens = capacity;
        this.asOfNanos = nowNanos;
    }

    /**
     * What came of asking for a token.
     *
     * @param remaining whole tokens that are left
     * @param nextSeconds until there is a token again, in whole seconds, rounded up; 0 if there is
     *     one now
     * @param fullSeconds until the bucket is full, likewise
     */
    record Decision(boolean allowed, long remaining, long nextSeconds, long fullSeconds) {}

    /** Takes a token if there is one. */
    synchronized Decision take(long nowNanos) {
        // A clock that goes back must not take tokens away.
        double elapsed = Math.max(0, nowNanos - asOfNanos) / NANOS_PER_SECOND;
        tokens = Math.min(capacity, tokens + elapsed * perSecond);
        asOfNanos = nowNanos;
        boolean allowed = tokens >= 1;
        if (allowed) {
            tokens -= 1;
        }
        return new Decision(
                allowed,
                (long) tokens,
                tokens >= 1 ? 0 : ceil((1 - tokens) / perSecond),
                ceil((capacity - tokens) / perSecond));
    }

    private static long ceil(double seconds) {
        // What is left of a token by rounding is no reason to wait for a second more.
        return (long) Math.ceil(seconds - 1e-9);
    }
}
