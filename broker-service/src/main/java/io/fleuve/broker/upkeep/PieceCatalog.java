package io.fleuve.broker.upkeep;

import io.fleuve.broker.log.AbortedTransaction;
import io.fleuve.broker.log.LogUnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Where the pieces of all logs lie, and who works on what.
 *
 * <p>Shared by all brokers. A claim keeps others from doing the same work; nothing depends on it,
 * since every change says what it expects to find. All calls block and throw {@link
 * LogUnavailableException} when the catalog does not answer.
 */
public interface PieceCatalog {

    /**
     * An object whose pieces are to be rewritten.
     *
     * @param smallOnly whether its large pieces are to stay
     */
    record Claim(long objectId, String objectKey, boolean smallOnly) {}

    /**
     * What there is to compact in a log.
     *
     * @param startOffset where the log starts
     * @param cleanedTo up to here, every key was looked at
     * @param end the offset that compaction must not go beyond
     * @param cleanBytes bytes before {@code cleanedTo}
     * @param dirtyBytes bytes from there to the end
     * @param oldestDirtyMs the earliest of the pieces' latest timestamps from there on
     */
    record Cleanable(
            long startOffset,
            long cleanedTo,
            long end,
            long cleanBytes,
            long dirtyBytes,
            long oldestDirtyMs) {}

    /** An object that no piece lies in. */
    record Dead(long objectId, String objectKey) {}

    /** Takes the oldest object that is to be rewritten, if there is one. */
    Optional<Claim> claimObject(Duration lease);

    /** The pieces of an object that are smaller than that, by log and offset. */
    List<Piece> piecesOf(long objectId, int belowBytes, int limit);

    /**
     * The pieces of a log that hold offsets from {@code from} to {@code to}, and up to {@code
     * before} earlier ones; by offset.
     */
    List<Piece> around(long logId, long from, long to, int before);

    /** The pieces of a log that end at {@code from} or later, by offset. */
    List<Piece> piecesFrom(long logId, long from, int limit);

    /** Says that an intake object holds no small pieces any more. */
    void markMerged(long objectId);

    /** Enters an object that pieces will be put into before the given time is over. */
    long begin(String objectKey, Duration openFor);

    /**
     * Puts pieces in the place of others, log by log; a log whose old pieces are not there any more
     * is left alone. The new ones are all in one object, which is complete with that.
     *
     * @return the logs that were changed
     */
    Set<Long> swap(long objectId, long objectBytes, List<Piece> old, List<Piece> fresh);

    /** Logs that have pieces before their start, or that were deleted. */
    List<Long> logsToTrim(int limit);

    /** Removes pieces before the start of a log; whether there are more. */
    boolean trim(long logId, int limit);

    /**
     * Raises a log's start past its oldest pieces.
     *
     * @param oldestMs what is older goes
     * @param maxBytes what the log can do without and still have as many goes
     * @param limit how many pieces are looked at
     * @return whether the start was raised
     */
    boolean retain(long logId, OptionalLong oldestMs, OptionalLong maxBytes, int limit);

    /** Takes a log for compaction, unless another broker is at it. */
    boolean claimLog(long logId, Duration lease);

    /** Lets others compact a log. */
    void releaseLog(long logId);

    /**
     * What there is to compact; empty if there is no such log.
     *
     * @param youngestMs records that are younger stay as they are
     */
    Optional<Cleanable> cleanable(long logId, long youngestMs);

    /** Says that every key up to there was looked at. */
    void cleaned(long logId, long to);

    /** Notes which objects nothing lies in any more. */
    void declareDead();

    /** Objects that have been dead for at least so long. */
    List<Dead> dead(Duration since, int limit);

    /** Removes what is known of objects that the store does not have any more. */
    void forget(Collection<Long> objectIds);

    /** Those of the keys that the catalog does not know. */
    Set<String> unknown(Collection<String> objectKeys);

    /** The aborted transactions of a log of which something lies in a range of offsets. */
    List<AbortedTransaction> aborted(long logId, long fromOffset, long toOffset);

    /** Forgets the aborted transactions of a log whose markers were at these offsets. */
    void forgetAborted(long logId, List<Long> markerOffsets);

    /** Removes what is known of producers that have been idle for so long; how many. */
    int expireProducers(Duration idle, int limit);

    /** Whether to do now what is done once in a while by one broker for all. */
    boolean claimChore(String name, Duration every, Duration lease);

    /** Says that a chore is done. */
    void releaseChore(String name);
}
