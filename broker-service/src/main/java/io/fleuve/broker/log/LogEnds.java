package io.fleuve.broker.log;

/**
 * Where a log starts and ends. None of the offsets ever goes back.
 *
 * @param logStartOffset first offset
 * @param highWatermark the offset after the last record
 * @param lastStableOffset the offset before which no transaction is open
 * @param lastAborted the offset of the last marker of an aborted transaction, or -1
 */
public record LogEnds(
        long logStartOffset, long highWatermark, long lastStableOffset, long lastAborted) {

    /** Ends of a log without transactions. */
    public LogEnds(long logStartOffset, long highWatermark) {
        this(logStartOffset, highWatermark, highWatermark, -1);
    }

    /**
     * Ends of a log.
     *
     * @param firstOpen first offset of the oldest open transaction, or -1
     */
    public static LogEnds of(
            long logStartOffset, long highWatermark, long firstOpen, long lastAborted) {
        long stable = firstOpen < 0 ? highWatermark : Math.max(firstOpen, logStartOffset);
        return new LogEnds(logStartOffset, highWatermark, stable, lastAborted);
    }

    /** The later of two views of one log. */
    LogEnds latest(LogEnds other) {
        return new LogEnds(
                Math.max(logStartOffset, other.logStartOffset),
                Math.max(highWatermark, other.highWatermark),
                Math.max(lastStableOffset, other.lastStableOffset),
                Math.max(lastAborted, other.lastAborted));
    }
}
