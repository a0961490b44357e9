package io.fleuve.conformance.fuzz;

import io.fleuve.conformance.fuzz.RequestFrame.Mark;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.protocol.ApiKeys;

/** One way of breaking a request. */
enum Mutation {
    /** Left as it is. */
    NONE(10),
    /** Some bits are turned over. */
    BITS(22),
    /** Bytes are missing at the end; the size is that of what is left. */
    TRUNCATED(8),
    /** Bytes are missing at the end, and the size does not say so. */
    CUT_OFF(2),
    /** The size is wrong. */
    SIZE(3),
    /** A length of a string, of bytes, or of an array is wrong. */
    LENGTH(18),
    /** A number is extreme. */
    NUMBER(10),
    /** Tagged fields that nobody knows, that lie about their size, or that are too many. */
    TAGS(6),
    /** A varint that does not end, or is longer than it must be. */
    VARINT(5),
    /** An API that is not this one, or is none. */
    API_KEY(4),
    /** A version that is not this one, or is none. */
    VERSION(4),
    /** Bytes that mean nothing, behind a header that is right. */
    GARBAGE(2),
    /** A stretch is taken out, put in, or repeated. */
    SPLICE(8),
    /** The records are broken: made so where the request is made. */
    BATCH(16);

    private static final List<Mutation> BY_WEIGHT = byWeight(EnumSet.allOf(Mutation.class));
    private static final List<Mutation> PARSEABLE = byWeight(EnumSet.of(NONE, NUMBER, BATCH));

    private final int weight;

    Mutation(int weight) {
        this.weight = weight;
    }

    private static List<Mutation> byWeight(Set<Mutation> mutations) {
        List<Mutation> all = new ArrayList<>();
        for (Mutation mutation : mutations) {
            for (int i = 0; i < mutation.weight; i++) {
                all.add(mutation);
            }
        }
        return all;
    }

    /**
     * @param parseable whether a request that is broken that way can still be parsed
     */
    static Mutation any(SplittableRandom random, boolean parseable) {
        List<Mutation> mutations = parseable ? PARSEABLE : BY_WEIGHT;
        return mutations.get(random.nextInt(mutations.size()));
    }

    WireFrame apply(RequestFrame request, SplittableRandom random) {
        byte[] bytes = request.bytes();
        return switch (this) {
            case NONE, BATCH -> WireFrame.of(bytes);
            case BITS -> WireFrame.of(bits(bytes, random));
            case TRUNCATED -> WireFrame.of(Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            case CUT_OFF ->
                    new WireFrame(bytes.length, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            case SIZE -> new WireFrame(size(bytes.length, random), bytes);
            case LENGTH -> WireFrame.of(length(request, random));
            case NUMBER -> WireFrame.of(number(request, random));
            case TAGS -> WireFrame.of(tags(request, random));
            case VARINT -> WireFrame.of(varint(request, random));
            case API_KEY -> WireFrame.of(header(bytes, 0, apiKey(random)));
            case VERSION -> WireFrame.of(header(bytes, 2, version(request.version(), random)));
            case GARBAGE -> WireFrame.of(garbage(bytes, random));
            case SPLICE -> WireFrame.of(splice(bytes, random));
        };
    }

    private static byte[] bits(byte[] bytes, SplittableRandom random) {
        byte[] broken = bytes.clone();
        int flips = 1 + random.nextInt(8);
        for (int i = 0; i < flips; i++) {
            broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return broken;
    }

    private static int size(int right, SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> -1;
            case 1 -> random.nextInt(WireFrame.MIN_SIZE);
            case 2 -> Integer.MIN_VALUE;
            case 3 -> Integer.MAX_VALUE;
            case 4 -> 64 << 20;
            case 5 -> (64 << 20) + 1;
            case 6 -> right + 1 + random.nextInt(100_000);
            default -> Math.max(1, right - 1 - random.nextInt(right));
        };
    }

    private static byte[] length(RequestFrame request, SplittableRandom random) {
        List<Mark> lengths =
                request.marks().stream()
                        .filter(
                                mark ->
                                        switch (mark.kind()) {
                                            case SHORT_LENGTH, LENGTH, COMPACT_LENGTH -> true;
                                            case TAG_COUNT, NUMBER -> false;
                                        })
                        .toList();
        Mark mark = lengths.get(random.nextInt(lengths.size()));
        ByteBuffer broken = ByteBuffer.wrap(request.bytes().clone());
        int left = request.bytes().length - mark.at();
        int wrong =
                switch (random.nextInt(7)) {
                    case 0 -> -1;
                    case 1 -> -2 - random.nextInt(1_000);
                    case 2 -> Integer.MAX_VALUE;
                    case 3 -> left + random.nextInt(4) - 2;
                    case 4 -> 0;
                    case 5 -> random.nextInt();
                    default -> random.nextInt(Math.max(1, left * 2));
                };
        return switch (mark.kind()) {
            case SHORT_LENGTH -> broken.putShort(mark.at(), (short) wrong).array();
            case LENGTH -> broken.putInt(mark.at(), wrong).array();
            case COMPACT_LENGTH, TAG_COUNT, NUMBER -> replaced(request, mark, varint(wrong));
        };
    }

    private static byte[] number(RequestFrame request, SplittableRandom random) {
        List<Mark> numbers =
                request.marks().stream()
                        .filter(mark -> mark.kind() == RequestFrame.Kind.NUMBER)
                        .toList();
        if (numbers.isEmpty()) {
            return bits(request.bytes(), random);
        }
        byte[] broken = request.bytes().clone();
        Mark mark = numbers.get(random.nextInt(numbers.size()));
        byte fill = (byte) (random.nextBoolean() ? 0 : -1);
        Arrays.fill(broken, mark.at(), mark.at() + mark.width(), fill);
        switch (random.nextInt(4)) {
            case 0 -> broken[mark.at()] ^= (byte) 0x80;
            case 1 -> broken[mark.at() + mark.width() - 1] = (byte) random.nextInt();
            case 2 -> broken[mark.at()] = (byte) random.nextInt();
            default -> {}
        }
        return broken;
    }

    /** Before the end, or where the number of tagged fields is said. */
    private static byte[] tags(RequestFrame request, SplittableRandom random) {
        List<Mark> counts =
                request.marks().stream()
                        .filter(mark -> mark.kind() == RequestFrame.Kind.TAG_COUNT)
                        .toList();
        if (counts.isEmpty()) {
            return bits(request.bytes(), random);
        }
        Mark mark = counts.get(random.nextInt(counts.size()));
        int count = 1 + random.nextInt(3);
        int many = random.nextInt(500) == 0 ? 100_000 : 200;
        ByteBuffer tags = ByteBuffer.allocate(20 + many * 5);
        switch (random.nextInt(6)) {
            case 0 -> tags.put(varint(random.nextInt()));
            case 1 -> tags.put(varint(count)).put(varint(100)).put(varint(random.nextInt()));
            case 2 -> tags.put(varint(1)).put(varint(Integer.MAX_VALUE)).put(varint(0));
            case 3 -> {
                // Twice the same tag, which must rise.
                tags.put(varint(2));
                tags.put(varint(50)).put(varint(1)).put((byte) 7);
                tags.put(varint(50)).put(varint(1)).put((byte) 7);
            }
            case 4 -> {
                // As clients from the future would: to be passed over.
                tags.put(varint(count));
                for (int i = 0; i < count; i++) {
                    tags.put(varint(1_000 + i)).put(varint(3)).put(new byte[3]);
                }
            }
            default -> {
                tags.put(varint(many));
                for (int i = 0; i < many; i++) {
                    tags.put(varint(1_000 + i)).put(varint(1)).put((byte) i);
                }
            }
        }
        return replaced(request, mark, Arrays.copyOf(tags.array(), tags.position()));
    }

    private static byte[] varint(RequestFrame request, SplittableRandom random) {
        List<Mark> varints =
                request.marks().stream()
                        .filter(
                                mark ->
                                        mark.kind() == RequestFrame.Kind.COMPACT_LENGTH
                                                || mark.kind() == RequestFrame.Kind.TAG_COUNT)
                        .toList();
        if (varints.isEmpty()) {
            return bits(request.bytes(), random);
        }
        byte[] endless = new byte[1 + random.nextInt(12)];
        Arrays.fill(endless, (byte) (random.nextBoolean() ? 0x80 : 0xff));
        endless[endless.length - 1] = (byte) random.nextInt(0x80);
        return replaced(request, varints.get(random.nextInt(varints.size())), endless);
    }

    private static short apiKey(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> (short) random.nextInt();
            case 1 -> (short) -1;
            case 2 -> (short) (ApiKeys.values().length + random.nextInt(20));
            default -> (short) random.nextInt(ApiKeys.values().length);
        };
    }

    private static short version(short right, SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> (short) -1;
            case 1 -> Short.MAX_VALUE;
            case 2 -> (short) random.nextInt();
            default -> (short) (right + random.nextInt(7) - 3);
        };
    }

    private static byte[] header(byte[] bytes, int at, short value) {
        return ByteBuffer.wrap(bytes.clone()).putShort(at, value).array();
    }

    private static byte[] garbage(byte[] bytes, SplittableRandom random) {
        byte[] garbage = new byte[WireFrame.MIN_SIZE + random.nextInt(2_000)];
        random.nextBytes(garbage);
        System.arraycopy(bytes, 0, garbage, 0, WireFrame.MIN_SIZE);
        return garbage;
    }

    private static byte[] splice(byte[] bytes, SplittableRandom random) {
        int from = random.nextInt(bytes.length);
        int length = 1 + random.nextInt(Math.min(64, bytes.length - from));
        byte[] stretch = Arrays.copyOfRange(bytes, from, from + length);
        return switch (random.nextInt(3)) {
            case 0 -> joined(bytes, from, new byte[0], from + length);
            case 1 -> joined(bytes, from, stretch, from);
            default -> {
                random.nextBytes(stretch);
                yield joined(bytes, from, stretch, from);
            }
        };
    }

    private static byte[] replaced(RequestFrame request, Mark mark, byte[] by) {
        return joined(request.bytes(), mark.at(), by, mark.at() + mark.width());
    }

    private static byte[] joined(byte[] bytes, int end, byte[] middle, int start) {
        byte[] joined = new byte[end + middle.length + bytes.length - start];
        System.arraycopy(bytes, 0, joined, 0, end);
        System.arraycopy(middle, 0, joined, end, middle.length);
        System.arraycopy(bytes, start, joined, end + middle.length, bytes.length - start);
        return joined;
    }

    /** An unsigned varint of 32 bits. */
    private static byte[] varint(int value) {
        byte[] bytes = new byte[5];
        int at = 0;
        int left = value;
        while ((left & ~0x7f) != 0) {
            bytes[at++] = (byte) (left & 0x7f | 0x80);
            left >>>= 7;
        }
        bytes[at++] = (byte) left;
        return Arrays.copyOf(bytes, at);
    }
}
