package io.fleuve.gateway.idempotency;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The first 128 bits of a SHA-256: small enough to remember by the hundred thousand. */
public record Digest(long high, long low) {

    private static final int HEX_LENGTH = 32;

    /** The digest of a sequence of parts; other boundaries between parts give another digest. */
    public static Digest of(byte[]... parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
                sha.update(part);
            }
            ByteBuffer bytes = ByteBuffer.wrap(sha.digest());
            return new Digest(bytes.getLong(), bytes.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The same of texts, in UTF-8. */
    public static Digest of(String... parts) {
        byte[][] bytes = new byte[parts.length][];
        for (int i = 0; i < parts.length; i++) {
            bytes[i] = parts[i].getBytes(StandardCharsets.UTF_8);
        }
        return of(bytes);
    }

    /** Reads what {@link #hex()} wrote. */
    static Digest parse(String hex) {
        if (hex.length() != HEX_LENGTH) {
            throw new IllegalArgumentException("a digest has 32 hexadecimal digits");
        }
        return new Digest(
                HexFormat.fromHexDigitsToLong(hex, 0, HEX_LENGTH / 2),
                HexFormat.fromHexDigitsToLong(hex, HEX_LENGTH / 2, HEX_LENGTH));
    }

    String hex() {
        HexFormat format = HexFormat.of();
        return format.toHexDigits(high) + format.toHexDigits(low);
    }

    /** Which of {@code partitions} partitions this digest is of, evenly and for ever the same. */
    int partition(int partitions) {
        return (int) Math.floorMod(low, (long) partitions);
    }

    @Override
    public String toString() {
        return hex();
    }
}
