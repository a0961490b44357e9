package io.fleuve.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeadsTest {

    private final Heads heads = new Heads();

    @Test
    void guessesRightOnceItHasBeenCorrected() {
        Heads.Guess first = heads.guess(1, 2);
        Heads.Guess second = heads.guess(1, 3);
        heads.correct(1, first, 2, 102);
        heads.correct(1, second, 3, 105);
        assertThat(heads.guess(1, 1).baseOffset()).isEqualTo(105);
    }

    @Test
    void guessesLowerAfterABatchWasRefused() {
        Heads.Guess first = heads.guess(1, 2);
        heads.guess(1, 3);
        heads.correct(1, first, 2, 2);
        heads.withdraw(1, 3);
        assertThat(heads.guess(1, 1).baseOffset()).isEqualTo(2);
    }

    /**
     * One writer, guesses several flushes ahead, some refused, another broker writing now and then.
     */
    @Test
    void isRightAgainWheneverNothingIsInFlight() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ArrayDeque<Heads.Guess> inFlight = new ArrayDeque<>();
        ArrayDeque<Integer> counts = new ArrayDeque<>();
        long actual = 50;
        for (int step = 0; step < 10_000; step++) {
            if (random.nextBoolean() && inFlight.size() < 4) {
                int count = 1 + random.nextInt(5);
                inFlight.add(heads.guess(1, count));
                counts.add(count);
            } else if (!inFlight.isEmpty()) {
                Heads.Guess guess = inFlight.remove();
                int count = counts.remove();
                switch (random.nextInt(10)) {
                    case 0 -> heads.withdraw(1, count);
                    case 1 -> {
                        actual += 7 + count;
                        heads.correct(1, guess, count, actual);
                    }
                    default -> {
                        actual += count;
                        heads.correct(1, guess, count, actual);
                    }
                }
            }
        }
        while (!inFlight.isEmpty()) {
            int count = counts.remove();
            actual += count;
            heads.correct(1, inFlight.remove(), count, actual);
        }
        assertThat(heads.guess(1, 1).baseOffset()).as("seed %s", seed).isEqualTo(actual);
    }

    @Test
    void neverGoesBack() {
        assertThat(heads.learn(1, new LogEnds(2, 10))).isTrue();
        assertThat(heads.learn(1, new LogEnds(1, 8))).isFalse();
        assertThat(heads.known(1).orElseThrow().ends()).isEqualTo(new LogEnds(2, 10));
    }
}
