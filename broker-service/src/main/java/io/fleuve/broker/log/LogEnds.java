package io.fleuve.broker.log;

/**
 * Where a log starts and ends.
 *
 * @param logStartOffset first offset
 * @param highWatermark the offset after the last record
 */
public record LogEnds(long logStartOffset, long highWatermark) {}
