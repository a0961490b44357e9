package io.fleuve.conformance.bench;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * What a topic holds: the values 0 to n-1 of each of its authors. A value is the author's number,
 * its own number, and padding.
 *
 * @param values how many, by author
 */
record Written(Map<Integer, Integer> values) {

    private static final int HEADER_BYTES = 2 * Integer.BYTES;

    Written {
        values = Map.copyOf(values);
    }

    static byte[] value(int author, int number, int sizeBytes) {
        return ByteBuffer.allocate(Math.max(sizeBytes, HEADER_BYTES))
                .putInt(author)
                .putInt(number)
                .array();
    }

    long count() {
        return values.values().stream().mapToLong(Integer::longValue).sum();
    }

    /** This and what others have written. */
    Written and(Written others) {
        Map<Integer, Integer> both = new HashMap<>(values);
        others.values.forEach((author, count) -> both.merge(author, count, Integer::sum));
        return new Written(both);
    }

    /** A look at all of it, in any order. */
    Check check() {
        return new Check();
    }

    /** Takes values that are read, and knows which are missing. */
    final class Check {

        private final Map<Integer, BitSet> seen = new HashMap<>();

        /**
         * @throws IllegalStateException if nobody has written it here, or it was taken before
         */
        void take(byte[] value) {
            ByteBuffer bytes = ByteBuffer.wrap(value);
            int author = bytes.getInt();
            int number = bytes.getInt();
            if (number >= values.getOrDefault(author, 0)) {
                throw new IllegalStateException(
                        "read value %d of author %d, which must not be seen"
                                .formatted(number, author));
            }
            BitSet ofAuthor = seen.computeIfAbsent(author, _ -> new BitSet());
            if (ofAuthor.get(number)) {
                throw new IllegalStateException(
                        "read value %d of author %d twice".formatted(number, author));
            }
            ofAuthor.set(number);
        }

        /**
         * @throws IllegalStateException if a value was not taken
         */
        void complete() {
            values.forEach(
                    (author, count) -> {
                        int read = seen.getOrDefault(author, new BitSet()).cardinality();
                        if (read != count) {
                            throw new IllegalStateException(
                                    "read %d of the %d values of author %d"
                                            .formatted(read, count, author));
                        }
                    });
        }
    }
}
