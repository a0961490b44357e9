package io.fleuve.broker.log;

/**
 * A transaction that was aborted, in one log.
 *
 * @param firstOffset offset of its first record
 * @param lastOffset offset of its marker
 */
public record AbortedTransaction(long producerId, long firstOffset, long lastOffset) {}
