package io.fleuve.broker.protocol;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyOutputStream;

class SnappyFramesTest {

    private static final long MOST = 256 << 20;

    @Test
    void acceptsWhateverSnappyMakesHoweverDense() throws Exception {
        byte[] random = new byte[100_000];
        new SplittableRandom(5).nextBytes(random);
        for (byte[] content : new byte[][] {new byte[8 << 20], random, {1}, {97, 98, 99, 97}}) {
            assertThatCode(() -> SnappyFrames.check(framed(content), MOST))
                    .doesNotThrowAnyException();
            assertThatCode(
                            () ->
                                    SnappyFrames.check(
                                            ByteBuffer.wrap(Snappy.compress(content)), MOST))
                    .doesNotThrowAnyException();
        }
    }

    /** The decompressor would allocate it before it looks at the rest. */
    @Test
    void rejectsChunksThatClaimMoreThanTheirBytesCanHold() throws Exception {
        ByteBuffer whole = ByteBuffer.wrap(new byte[200]);
        claim200Megabytes(whole, 0);
        assertThatThrownBy(() -> SnappyFrames.check(whole, MOST))
                .isInstanceOf(BatchFormatException.class)
                .hasMessageContaining("cannot hold");

        ByteBuffer framed = framed(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
        claim200Megabytes(framed, 20);
        assertThatThrownBy(() -> SnappyFrames.check(framed, MOST))
                .isInstanceOf(BatchFormatException.class)
                .hasMessageContaining("cannot hold");
    }

    private static void claim200Megabytes(ByteBuffer bytes, int at) {
        byte[] varint = {(byte) 0x80, (byte) 0x80, (byte) 0x80, 0x64};
        bytes.put(at, varint);
    }

    private static ByteBuffer framed(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (SnappyOutputStream out = new SnappyOutputStream(bytes)) {
            out.write(content);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }
}
