package io.fleuve.broker.upkeep;

import java.nio.ByteBuffer;

/** Looks into batches, for compaction. */
public interface BatchCleaner {

    /** Takes note of a record's key. */
    interface KeyVisitor {

        /**
         * @param key the key's bytes, valid during the call
         * @param offset the record's offset
         * @return whether there is room for more keys
         */
        boolean visit(ByteBuffer key, long offset);
    }

    /** Says whether a record is kept. */
    interface Keeper {

        /** Whether the record with that key is the latest one that is known of. */
        boolean isLatest(ByteBuffer key, long offset);
    }

    /**
     * Goes through the keys of one batch; records without a key are passed over.
     *
     * @return whether the visitor had room for all of them
     */
    boolean visitKeys(ByteBuffer batch, KeyVisitor visitor);

    /**
     * Copies one batch without what is not kept: older records of a key, records without a key, and
     * tombstones whose time is over. Offsets, and the time a tombstone is kept for, are those of
     * the batch, which gets such a time when it is cleaned for the first time (KIP-534).
     *
     * @param batch one whole batch with its offset in place
     * @param nowMs the time
     * @param deleteRetentionMs how long tombstones are kept from now on
     * @param emptyTransaction whether the batch is the marker of a transaction of which nothing is
     *     left: it goes when it has been one for as long as a tombstone is kept
     * @param keepEmpty whether a batch of which nothing is left stays as an empty one, so that its
     *     last offset can be read
     * @return the batch, unchanged or smaller; no bytes if nothing is left
     */
    ByteBuffer clean(
            ByteBuffer batch,
            long nowMs,
            long deleteRetentionMs,
            boolean emptyTransaction,
            boolean keepEmpty,
            Keeper keeper);
}
