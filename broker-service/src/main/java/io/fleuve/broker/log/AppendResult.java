package io.fleuve.broker.log;

/** What became of an append. */
public sealed interface AppendResult {

    /**
     * The batch is durable and visible, now or since an earlier try.
     *
     * @param baseOffset offset of its first record
     * @param appendTimeMs the time written into the batch, or -1 where timestamps are the
     *     producer's
     * @param logStartOffset first offset of the log
     * @param duplicate whether this producer's batch was in the log already, at {@code baseOffset}
     */
    record Appended(long baseOffset, long appendTimeMs, long logStartOffset, boolean duplicate)
            implements AppendResult {}

    /** The batch was not appended; neither offset nor sequence number was consumed. */
    record Rejected(AppendError error, String message) implements AppendResult {}
}
