package io.fleuve.conformance.faults;

import java.util.Arrays;

/** A list of numbers without objects, for runs of millions of records. Not for several threads. */
public final class LongList {

    private long[] values = new long[1_024];
    private int size;

    /** Appends one. */
    public void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
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
