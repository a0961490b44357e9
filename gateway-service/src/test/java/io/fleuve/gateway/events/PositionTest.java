package io.fleuve.gateway.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class PositionTest {

    private static final Uuid ID = new Uuid(1, 2);

    private static SortedMap<Integer, Long> randomOffsets(Random random) {
        SortedMap<Integer, Long> offsets = new TreeMap<>();
        int count = random.nextInt(50);
        for (int i = 0; i < count; i++) {
            // Of all magnitudes, not only large ones.
            int partition = random.nextInt(Integer.MAX_VALUE) >>> random.nextInt(31);
            offsets.put(partition, (random.nextLong() & Long.MAX_VALUE) >>> random.nextInt(63));
        }
        return offsets;
    }

    @Test
    void anyPositionIsReadAsItWasWritten() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            Position position = Position.of("topic-" + i, ID, randomOffsets(random));
            String text = position.encode();
            assertThat(Position.decode(text)).as("seed " + seed).isEqualTo(position);
            // It goes into a header, a query and a line of an event as it is.
            assertThat(text).matches("[A-Za-z0-9_-]+");
        }
    }

    @Test
    void extremesSurvive() {
        SortedMap<Integer, Long> offsets =
                new TreeMap<>(Map.of(0, 0L, 1, Long.MAX_VALUE, Integer.MAX_VALUE, 1L));
        assertThat(Position.decode(Position.of("t", ID, offsets).encode()).next())
                .isEqualTo(offsets);
        assertThat(Position.decode(Position.of("t", ID, new TreeMap<>()).encode()).next())
                .isEmpty();
    }

    @Test
    void sixPartitionsOfAMillionRecordsTakeLessThanFiftyCharacters() {
        SortedMap<Integer, Long> offsets = new TreeMap<>();
        for (int partition = 0; partition < 6; partition++) {
            offsets.put(partition, 1_000_000L + partition);
        }
        assertThat(Position.of("temperature-data", ID, offsets).encode().length()).isLessThan(50);
    }

    @Test
    void knowsItsTopic() {
        Position position = Position.of("here", ID, new TreeMap<>());
        assertThat(position.isOf("here")).isTrue();
        assertThat(position.isOf("there")).isFalse();
        assertThat(position.isOf(ID)).isTrue();
        assertThat(position.isOf(new Uuid(1, 3))).isFalse();
    }

    @Test
    void saysWhatIsWrongWithAnythingElse() {
        byte[] good =
                Base64.getUrlDecoder()
                        .decode(
                                Position.of("t", ID, new TreeMap<>(Map.of(0, 1000L, 7, 5L)))
                                        .encode());
        for (int length = 0; length < good.length; length++) {
            assertRefused(Arrays.copyOf(good, length), "too short");
        }
        assertRefused(Arrays.copyOf(good, good.length + 1), "too long");
        byte[] newer = good.clone();
        newer[0] = 2;
        assertRefused(newer, "version 2");
        byte[] endless = new byte[30];
        Arrays.fill(endless, (byte) 0xff);
        endless[0] = 1;
        assertRefused(endless, "does not end");
        assertThatIllegalArgumentException().isThrownBy(() -> Position.decode("not base64!"));
    }

    @Test
    void noRandomBytesDoMoreThanBeRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 5000; i++) {
            byte[] bytes = new byte[9 + random.nextInt(40)];
            random.nextBytes(bytes);
            bytes[0] = 1;
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            try {
                Position position = Position.decode(text);
                assertThat(position.next().values()).allMatch(offset -> offset >= 0);
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).as("seed " + seed).isNotBlank();
            }
        }
    }

    private static void assertRefused(byte[] bytes, String reason) {
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Position.decode(text))
                .withMessageContaining(reason);
    }
}
