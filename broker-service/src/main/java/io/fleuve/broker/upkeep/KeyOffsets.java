package io.fleuve.broker.upkeep;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The last offset of each key, in bounded memory: 24 bytes an entry, at most half of the entries
 * taken.
 *
 * <p>A key stands for the first 128 bits of its SHA-256, so that nobody can make two keys meet on
 * purpose. Open addressing with linear probing; the table doubles as it fills.
 */
final class KeyOffsets {

    private static final int FIRST_CAPACITY = 1 << 12;

    private final int maxKeys;
    private final MessageDigest digest = sha256();
    private long[] high = new long[FIRST_CAPACITY];
    private long[] low = new long[FIRST_CAPACITY];
    private long[] offsets = noOffsets(FIRST_CAPACITY);
    private int keys;

    KeyOffsets(int maxKeys) {
        this.maxKeys = maxKeys;
    }

    int size() {
        return keys;
    }

    /** Notes that a key is at that offset; whether there was room for it. */
    boolean put(ByteBuffer key, long offset) {
        ByteBuffer hash = hash(key);
        long keyHigh = hash.getLong(0);
        long keyLow = hash.getLong(8);
        int at = find(keyHigh, keyLow);
        if (offsets[at] < 0) {
            if (keys >= maxKeys) {
                return false;
            }
            keys++;
            if (2 * keys > offsets.length) {
                grow();
                at = find(keyHigh, keyLow);
            }
            high[at] = keyHigh;
            low[at] = keyLow;
        }
        offsets[at] = Math.max(offsets[at], offset);
        return true;
    }

    /** The last offset of a key that was noted, or -1. */
    long get(ByteBuffer key) {
        ByteBuffer hash = hash(key);
        return offsets[find(hash.getLong(0), hash.getLong(8))];
    }

    private ByteBuffer hash(ByteBuffer key) {
        digest.update(key.duplicate());
        return ByteBuffer.wrap(digest.digest());
    }

    /** Where that key is, or would be. */
    private int find(long keyHigh, long keyLow) {
        int mask = offsets.length - 1;
        int at = (int) keyLow & mask;
        while (offsets[at] >= 0 && (high[at] != keyHigh || low[at] != keyLow)) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        long[] oldOffsets = offsets;
        int capacity = 2 * oldOffsets.length;
        high = new long[capacity];
        low = new long[capacity];
        offsets = noOffsets(capacity);
        for (int i = 0; i < oldOffsets.length; i++) {
            if (oldOffsets[i] >= 0) {
                int at = find(oldHigh[i], oldLow[i]);
                high[at] = oldHigh[i];
                low[at] = oldLow[i];
                offsets[at] = oldOffsets[i];
            }
        }
    }

    private static long[] noOffsets(int capacity) {
        long[] none = new long[capacity];
        Arrays.fill(none, -1);
        return none;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
