package io.fleuve.broker.upkeep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class KeyOffsetsTest {

    @Test
    void remembersTheLastOffsetOfEachKeyWhileItGrows() {
        KeyOffsets offsets = new KeyOffsets(100_000);
        for (int offset = 0; offset < 60_000; offset++) {
            assertThat(offsets.put(key(offset % 20_000), offset)).isTrue();
        }
        assertThat(offsets.size()).isEqualTo(20_000);
        for (int i = 0; i < 20_000; i++) {
            assertThat(offsets.get(key(i))).isEqualTo(40_000 + i);
        }
        assertThat(offsets.get(key(20_000))).isEqualTo(-1);
    }

    @Test
    void hasRoomForSoManyKeysAndStillForThoseItKnows() {
        KeyOffsets offsets = new KeyOffsets(2);
        assertThat(offsets.put(key(1), 1)).isTrue();
        assertThat(offsets.put(key(2), 2)).isTrue();
        assertThat(offsets.put(key(3), 3)).isFalse();
        assertThat(offsets.put(key(1), 4)).isTrue();
        assertThat(offsets.get(key(1))).isEqualTo(4);
        assertThat(offsets.get(key(3))).isEqualTo(-1);
    }

    @Test
    void leavesTheKeyAsItWas() {
        ByteBuffer key = key(1);
        new KeyOffsets(1).put(key, 1);
        assertThat(key.remaining()).isEqualTo(1);
    }

    private static ByteBuffer key(int number) {
        return ByteBuffer.wrap(Integer.toString(number).getBytes(UTF_8));
    }
}
