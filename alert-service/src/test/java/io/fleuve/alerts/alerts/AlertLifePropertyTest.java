package io.fleuve.alerts.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.alerts.rules.Condition;
import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.rules.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A million random sequences of windows, pauses, silences, inhibition, acknowledgement and changes
 * of the rule. {@link SimulatedAlert} checks at every step that
 *
 * <ul>
 *   <li>no transition is made that the state machine does not have;
 *   <li>there is one episode at a time, none begins twice, none changes its name;
 *   <li>an alert fires only after the breach has lasted for {@code for} without a break, and is
 *       resolved only after the recovery has lasted for {@code keepFiringFor};
 *   <li>nothing is told twice, nor while it is silenced or inhibited, and no reminder of what is
 *       acknowledged or over;
 *   <li>who was told that it fires is told that it is over, and nobody else;
 *   <li>the same events lead to the same transitions and messages.
 * </ul>
 */
class AlertLifePropertyTest {

    private static final int SEQUENCES =
            Integer.getInteger("fleuve.test.alert-sequences", 1_000_000);
    private static final Instant START = Instant.parse("2024-03-30T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void findsNoIllegalTransitionInAMillionSequences() {
        long seed = Long.getLong("fleuve.test.seed", System.nanoTime());
        SplittableRandom seeds = new SplittableRandom(seed);
        long steps = 0;
        for (int i = 0; i < SEQUENCES; i++) {
            long sequence = seeds.nextLong();
            try {
                List<Object> log = run(sequence);
                steps += log.size();
                // Every tenth twice: that is enough to find what is left to chance.
                if (i % 10 == 0) {
                    assertThat(run(sequence)).isEqualTo(log);
                }
            } catch (AssertionError e) {
                throw new AssertionError(
                        "sequence %d of seed %d: %s".formatted(sequence, seed, e.getMessage()), e);
            }
        }
        assertThat(steps).as("transitions and messages").isGreaterThan(SEQUENCES);
    }

    private static List<Object> run(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SimulatedAlert alert = new SimulatedAlert(rule(random), START);
        Instant end = START;
        List<Instant[]> windows = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        int events = 4 + random.nextInt(16);
        for (int i = 0; i < events; i++) {
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3, 4, 5, 6, 7 -> {
                    Instant start = random.nextInt(8) == 0 ? end.plus(HOUR) : end;
                    end = start.plus(HOUR);
                    double value = 27 + random.nextInt(10) * 0.5;
                    windows.add(new Instant[] {start, end});
                    values.add(value);
                    alert.window(start, end, value);
                    alert.pass(Duration.ofSeconds(random.nextInt(3)));
                }
                case 8 -> again(alert, windows, values, random);
                case 9, 10, 11 -> alert.pass(Duration.ofMinutes(random.nextInt(180)));
                case 12 -> alert.silence(Duration.ofMinutes(1 + random.nextInt(120)));
                case 13 -> {
                    if (random.nextBoolean()) {
                        alert.expireSilence();
                    } else {
                        alert.inhibit(random.nextBoolean());
                    }
                }
                case 14 -> alert.acknowledge();
                default -> {
                    if (random.nextInt(4) == 0) {
                        alert.withdraw(
                                random.nextBoolean()
                                        ? EndReason.RULE_DISABLED
                                        : EndReason.OUT_OF_SCOPE);
                    }
                }
            }
        }
        // What came, comes again from the beginning: nothing happens.
        int before = alert.log.size();
        for (int i = 0; i < windows.size(); i++) {
            alert.window(windows.get(i)[0], windows.get(i)[1], values.get(i));
        }
        if (alert.log.size() != before) {
            throw new AssertionError("a replay did something");
        }
        alert.expireSilence();
        alert.inhibit(false);
        alert.pass(Duration.ofMinutes(2));
        alert.pass(Duration.ofSeconds(1));
        alert.requireNothingIsForgotten();
        return alert.log;
    }

    private static void again(
            SimulatedAlert alert,
            List<Instant[]> windows,
            List<Double> values,
            SplittableRandom random) {
        if (!windows.isEmpty()) {
            int which = random.nextInt(windows.size());
            alert.window(windows.get(which)[0], windows.get(which)[1], values.get(which));
        }
    }

    private static Rule rule(SplittableRandom random) {
        Timing timing =
                new Timing(
                        HOUR.multipliedBy(random.nextInt(4)),
                        HOUR.multipliedBy(random.nextInt(3)),
                        Duration.ofMinutes(30L * random.nextInt(3)),
                        random.nextBoolean()
                                ? List.of(Duration.ofMinutes(20), Duration.ofMinutes(50))
                                : List.of());
        return TestRules.rule(
                random.nextInt(4) == 0
                        ? new Condition.NoData(Duration.ofMinutes(90))
                        : TestRules.HEAT,
                timing);
    }
}
