package io.fleuve.simulator.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RandomStreamTest {

    private static final int DRAWS = 200_000;

    @Test
    void givesTheSameNumbersOnAnyMachine() {
        RandomStream stream = RandomStream.of(42, "dakar", "dakar-1", "spike");

        assertThat(LongStream.of(-1, 0, 1, Long.MAX_VALUE).map(stream::bits).toArray())
                .containsExactly(PINNED);
    }

    private static final long[] PINNED = {
        -6526472041362597029L, 317421828818181663L, -8278242165352633695L, -1531848093310736525L
    };

    @Test
    void isEvenlyDistributed() {
        RandomStream stream = RandomStream.of(1, "uniform");
        int[] tenths = new int[10];
        for (int i = 0; i < DRAWS; i++) {
            tenths[(int) (stream.uniform(i) * 10)]++;
        }
        // The standard deviation of each count is 134.
        for (int count : tenths) {
            assertThat(count).isCloseTo(DRAWS / 10, within(5 * 134));
        }
    }

    @Test
    void isNormallyDistributed() {
        RandomStream stream = RandomStream.of(1, "gaussian");
        double sum = 0;
        double squares = 0;
        int beyondTwo = 0;
        for (int i = 0; i < DRAWS; i++) {
            double x = stream.gaussian(i);
            sum += x;
            squares += x * x;
            beyondTwo += Math.abs(x) > 2 ? 1 : 0;
        }
        assertThat(sum / DRAWS).isCloseTo(0, within(0.012));
        assertThat(squares / DRAWS).isCloseTo(1, within(0.02));
        assertThat((double) beyondTwo / DRAWS).isCloseTo(0.0455, within(0.003));
    }

    @Test
    void differsByNameAndByWhereNamesEnd() {
        assertThat(RandomStream.of(1, "a", "b").bits(0))
                .isNotEqualTo(RandomStream.of(1, "ab").bits(0))
                .isNotEqualTo(RandomStream.of(1, "b", "a").bits(0))
                .isNotEqualTo(RandomStream.of(2, "a", "b").bits(0));
    }

    @Test
    void doesNotCorrelateNeighbours() {
        RandomStream stream = RandomStream.of(7, "neighbours");
        double product = 0;
        for (int i = 0; i < DRAWS; i++) {
            product += stream.gaussian(i) * stream.gaussian(i + 1);
        }
        assertThat(product / DRAWS).isCloseTo(0, within(0.012));
    }
}
