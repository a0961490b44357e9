package io.fleuve.conformance.faults;

import java.util.Arrays;

/** A list of numbers without objects, for runs of millions of records. Not for several threads. */
public final class LongList {

    private long[] values;
    private int size;

    /** One for many. */
    public LongList() {
        this(1_024);
    }

    /** One for so many; it grows where they are more. */
    public LongList(int capacity) {
        values = new long[capacity];
    }

    /** Appends one. */
    public void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.max(16, size * 2));
        }
        values[size++] = value;
    }

    /** Replaces one. */
    public void set(int index, long value) {
        values[index] = value;
    }

    /** The one at that place. */
    public long get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("%d of %d".formatted(index, size));
        }
        return values[index];
    }

    /** How many there are. */
    public int size() {
        return size;
    }
}
