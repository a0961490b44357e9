package io.fleuve.conformance.exactlyonce;

import java.util.Comparator;

/**
 * A record that Flink has written.
 *
 * @param number what it is the copy of
 * @param group the number's
 * @param ordinal the how-manieth of its group, from 1
 * @param transaction a name of the transaction it was written in: {@code life/checkpoint}
 * @param position the how-manieth of its transaction, from 1
 */
record Copy(
        int partition,
        long offset,
        long number,
        long group,
        long ordinal,
        String transaction,
        long position)
        implements Comparable<Copy> {

    private static final Comparator<Copy> PLACE =
            Comparator.comparingInt(Copy::partition).thenComparingLong(Copy::offset);

    /**
     * Reads a record's value.
     *
     * @param value {@code number group ordinal transaction position}
     */
    static Copy of(int partition, long offset, String value) {
        String[] fields = value.split(" ", -1);
        if (fields.length != 5) {
            throw new IllegalArgumentException(
                    "not a copy, at offset %d of partition %d: '%s'"
                            .formatted(offset, partition, value));
        }
        return new Copy(
                partition,
                offset,
                Long.parseLong(fields[0]),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                fields[3],
                Long.parseLong(fields[4]));
    }

    /** Reads {@code partition offset value}. */
    static Copy ofLine(String line) {
        String[] fields = line.split(" ", 3);
        if (fields.length != 3) {
            throw new IllegalArgumentException("not a copy and its place: '" + line + "'");
        }
        return of(Integer.parseInt(fields[0]), Long.parseLong(fields[1]), fields[2]);
    }

    /** Of the subtask that wrote it: another one whenever a job begins, for whatever reason. */
    String life() {
        return transaction.substring(0, transaction.indexOf('/'));
    }

    /** By place in the log. */
    @Override
    public int compareTo(Copy other) {
        return PLACE.compare(this, other);
    }
}
