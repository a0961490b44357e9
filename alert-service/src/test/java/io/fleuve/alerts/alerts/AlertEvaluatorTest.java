package io.fleuve.alerts.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.alerts.readings.RegionAverage;
import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.rules.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertEvaluatorTest {

    private static final Instant START = Instant.parse("2024-05-01T00:00:00Z");
    private static final Rule RULE =
            new Rule(new UUID(0, 1), "heat", new TreeSet<>(), 30, 29, Severity.WARNING, true);

    private RuleProgress progress = RuleProgress.none(RULE.id(), "dakar");
    private final List<String> told = new ArrayList<>();

    @Test
    void firesAboveTheThresholdAndResolvesAtTheRecoveryThreshold() {
        evaluate(30.0, 30.1, 29.5, 29.1, 29.0, 29.5);
        assertThat(told).containsExactly("FIRING 1", "RESOLVED 1 at 4");
    }

    @Test
    void doesNotFireBetweenTheThresholds() {
        evaluate(29.5, 30, 29.9);
        assertThat(told).isEmpty();
    }

    @Test
    void firesAgainAsAnotherEpisode() {
        evaluate(31, 20, 31);
        assertThat(told).containsExactly("FIRING 0", "RESOLVED 0 at 1", "FIRING 2");
    }

    @Test
    void remembersThePeakOfTheEpisode() {
        evaluate(31, 35, 32);
        assertThat(progress.state())
                .isInstanceOfSatisfying(
                        AlertState.Firing.class,
                        firing -> {
                            assertThat(firing.peak()).isEqualTo(35);
                            assertThat(firing.value()).isEqualTo(32);
                        });
    }

    @Test
    void changesNothingForAWindowThatWasEvaluated() {
        evaluate(31, 20);
        RuleProgress before = progress;
        assertThat(AlertEvaluator.evaluate(RULE, progress, average(0, 40)))
                .isEqualTo(new Evaluation.AlreadyEvaluated());
        assertThat(AlertEvaluator.evaluate(RULE, progress, average(1, 40)))
                .isEqualTo(new Evaluation.AlreadyEvaluated());
        assertThat(progress).isEqualTo(before);
    }

    @Test
    void givesAnEpisodeTheSameIdentityWhoeverFindsItAndAnotherForAnotherWindowRegionOrRule() {
        Episode episode = Episode.beginningWith(RULE.id(), average(3, 31));
        assertThat(Episode.beginningWith(RULE.id(), average(3, 45)).id()).isEqualTo(episode.id());
        assertThat(Episode.beginningWith(RULE.id(), average(3, 45)).alertId())
                .isEqualTo(episode.alertId());
        Set<UUID> ids = new HashSet<>();
        ids.add(episode.alertId());
        ids.add(Episode.beginningWith(RULE.id(), average(4, 31)).alertId());
        ids.add(Episode.beginningWith(new UUID(0, 2), average(3, 31)).alertId());
        ids.add(
                Episode.beginningWith(
                                RULE.id(), new RegionAverage("thies", at(3), at(4), 1, 31, 31, 31))
                        .alertId());
        assertThat(ids).hasSize(4);
        assertThat(episode.alertId().version()).isEqualTo(8);
        assertThat(episode.alertId().variant()).isEqualTo(2);
    }

    /**
     * Whatever the averages are, and however their delivery stutters (each piece of the stream may
     * be given again from any earlier place, as after a crash before the commit), people are told
     * exactly what an undisturbed reading of the averages tells.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
    void tellsTheSameHoweverDeliveryStutters(long seed) {
        Random random = new Random(seed);
        double[] celsius = random.doubles(300, 27, 33).toArray();

        int next = 0;
        while (next < celsius.length) {
            int from = Math.max(0, next - random.nextInt(20));
            int to = Math.min(celsius.length, next + 1 + random.nextInt(10));
            for (int i = from; i < to; i++) {
                take(average(i, celsius[i]));
            }
            next = to;
        }

        assertThat(told).as("seed %d", seed).isEqualTo(oracle(celsius));
    }

    /** The rule in the plainest words. */
    private static List<String> oracle(double[] celsius) {
        List<String> result = new ArrayList<>();
        int since = -1;
        for (int i = 0; i < celsius.length; i++) {
            if (since < 0 && celsius[i] > 30) {
                since = i;
                result.add("FIRING " + i);
            } else if (since >= 0 && celsius[i] <= 29) {
                result.add("RESOLVED " + since + " at " + i);
                since = -1;
            }
        }
        return result;
    }

    private void evaluate(double... celsius) {
        for (int i = 0; i < celsius.length; i++) {
            take(average(i, celsius[i]));
        }
    }

    private void take(RegionAverage average) {
        switch (AlertEvaluator.evaluate(RULE, progress, average)) {
            case Evaluation.AlreadyEvaluated() -> {}
            case Evaluation.Quiet(RuleProgress next) -> progress = next;
            case Evaluation.StillFiring(RuleProgress next, AlertState.Firing _) -> progress = next;
            case Evaluation.Raised(RuleProgress next, AlertState.Firing state) -> {
                progress = next;
                told.add("FIRING " + hour(state.episode().startedAt()));
            }
            case Evaluation.Ended(RuleProgress next, AlertState.Resolved state) -> {
                progress = next;
                told.add(
                        "RESOLVED %d at %d"
                                .formatted(
                                        hour(state.episode().startedAt()), hour(state.endedAt())));
            }
        }
    }

    private static RegionAverage average(int hour, double celsius) {
        return new RegionAverage("dakar", at(hour), at(hour + 1), 1, celsius, celsius, celsius);
    }

    private static Instant at(int hour) {
        return START.plus(Duration.ofHours(hour));
    }

    private static long hour(Instant time) {
        return Duration.between(START, time).toHours();
    }
}
