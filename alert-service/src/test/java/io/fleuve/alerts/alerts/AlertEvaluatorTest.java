package io.fleuve.alerts.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.alerts.rules.Condition;
import io.fleuve.alerts.rules.Direction;
import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.rules.Timing;
import java.time.Duration;
import java.time.Instant;
import java.time.Month;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertEvaluatorTest {

    private static final Instant START = Instant.parse("2024-05-01T00:00:00Z");
    private static final Subject DAKAR = Subject.region("dakar");

    private Rule rule = TestRules.rule(TestRules.HEAT, Timing.IMMEDIATE);
    private RuleProgress progress = RuleProgress.none(TestRules.ID, DAKAR);
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
    void firesOnlyOnceTheBreachHasLasted() {
        rule =
                TestRules.rule(
                        TestRules.HEAT, TestRules.lasting(Duration.ofHours(3), Duration.ZERO));
        evaluate(31, 31, 28, 31, 32, 33, 34);
        assertThat(told).containsExactly("PENDING 0", "INACTIVE lapsed", "PENDING 3", "FIRING 3");
    }

    @Test
    void resolvesOnlyOnceTheRecoveryHasLastedAndDatesItFromItsBeginning() {
        rule =
                TestRules.rule(
                        TestRules.HEAT, TestRules.lasting(Duration.ZERO, Duration.ofHours(2)));
        evaluate(31, 28, 31, 28, 28, 31);
        assertThat(told)
                .containsExactly(
                        "FIRING 0",
                        "RECOVERING 1",
                        "FIRING 0",
                        "RECOVERING 3",
                        "RESOLVED 0 at 3",
                        "FIRING 5");
    }

    @Test
    void doesNotCountAMissingWindowAsBreach() {
        rule =
                TestRules.rule(
                        TestRules.HEAT, TestRules.lasting(Duration.ofHours(3), Duration.ZERO));
        take(average(0, 31));
        take(average(5, 31));
        take(average(6, 31));
        take(average(7, 31));
        assertThat(told)
                .containsExactly("PENDING 0", "INACTIVE interrupted", "PENDING 5", "FIRING 5");
    }

    @Test
    void findsTheLowestPeakOfARuleAboutCold() {
        rule = TestRules.rule(new Condition.Below(5, 6), Timing.IMMEDIATE);
        evaluate(5, 4, 2, 5.5, 6);
        assertThat(told).containsExactly("FIRING 1", "RESOLVED 1 at 4");
        assertThat(progress.state())
                .isInstanceOfSatisfying(
                        AlertState.Resolved.class, over -> assertThat(over.peak()).isEqualTo(2));
    }

    @Test
    void findsADrasticChangeAgainstAnyWindowWithinTheTime() {
        rule =
                TestRules.rule(
                        new Condition.Change(5, Duration.ofHours(3), Direction.DOWN),
                        Timing.IMMEDIATE);
        // Down 3 an hour: 6 within two hours. Up does not count. Calm once all is within 5.
        evaluate(20, 23, 20, 17, 17, 17, 17, 30);
        assertThat(told).containsExactly("FIRING 3", "RESOLVED 3 at 5");
    }

    @Test
    void findsADeviationFromTheNormalOfMonthAndHourAndDecidesNothingWhereNoneIsKnown() {
        rule = TestRules.rule(new Condition.Deviation(5, 4, Direction.EITHER), Timing.IMMEDIATE);
        Normals normals =
                (region, month, hour) ->
                        region.equals("dakar") && month == Month.MAY && hour < 4
                                ? OptionalDouble.of(20 + hour)
                                : OptionalDouble.empty();
        for (int hour = 0; hour < 6; hour++) {
            double[] celsius = {25, 26.5, 26.5, 26.5, 99, 99};
            if (AlertEvaluator.evaluate(rule, progress, average(hour, celsius[hour]), normals)
                    instanceof Evaluation.Advanced(RuleProgress next, List<StateChange> changes)) {
                progress = next;
                changes.forEach(change -> told.add(words(change)));
            }
        }
        assertThat(told).containsExactly("FIRING 1", "RESOLVED 1 at 3");
    }

    @Test
    void changesNothingForAWindowThatWasEvaluated() {
        evaluate(31, 20);
        RuleProgress before = progress;
        assertThat(AlertEvaluator.evaluate(rule, progress, average(0, 40), Normals.UNKNOWN))
                .isEqualTo(new Evaluation.AlreadyEvaluated());
        assertThat(AlertEvaluator.evaluate(rule, progress, average(1, 40), Normals.UNKNOWN))
                .isEqualTo(new Evaluation.AlreadyEvaluated());
        assertThat(progress).isEqualTo(before);
    }

    @Test
    void givesAnEpisodeTheSameIdentityWhoeverFindsItAndAnotherForAnotherWindowRegionOrRule() {
        Episode episode = Episode.beginningWith(TestRules.ID, average(3, 31));
        assertThat(Episode.beginningWith(TestRules.ID, average(3, 45)).id())
                .isEqualTo(episode.id());
        assertThat(Episode.beginningWith(TestRules.ID, average(3, 45)).alertId())
                .isEqualTo(episode.alertId());
        Set<UUID> ids = new HashSet<>();
        ids.add(episode.alertId());
        ids.add(Episode.beginningWith(TestRules.ID, average(4, 31)).alertId());
        ids.add(Episode.beginningWith(new UUID(0, 2), average(3, 31)).alertId());
        ids.add(
                Episode.beginningWith(
                                TestRules.ID,
                                new Observation(Subject.region("thies"), at(3), at(4), 31))
                        .alertId());
        ids.add(
                Episode.beginningWith(
                                TestRules.ID,
                                new Observation(new Subject("dakar", "dakar-1"), at(3), at(4), 31))
                        .alertId());
        assertThat(ids).hasSize(5);
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

    private void take(Observation seen) {
        switch (AlertEvaluator.evaluate(rule, progress, seen, Normals.UNKNOWN)) {
            case Evaluation.AlreadyEvaluated() -> {}
            case Evaluation.Advanced(RuleProgress next, List<StateChange> changes) -> {
                progress = next;
                changes.forEach(change -> told.add(words(change)));
            }
        }
    }

    private static String words(StateChange change) {
        return switch (change.to()) {
            case AlertState.Inactive _ -> "INACTIVE " + change.reason().code();
            case AlertState.Pending pending -> "PENDING " + hour(pending.episode().startedAt());
            case AlertState.Firing firing -> "FIRING " + hour(firing.episode().startedAt());
            case AlertState.NoData noData -> "NO_DATA " + hour(noData.episode().startedAt());
            case AlertState.Recovering recovering -> "RECOVERING " + hour(recovering.since());
            case AlertState.Resolved resolved ->
                    "RESOLVED %d at %d"
                            .formatted(
                                    hour(resolved.episode().startedAt()), hour(resolved.endedAt()));
        };
    }

    private static Observation average(int hour, double celsius) {
        return new Observation(DAKAR, at(hour), at(hour + 1), celsius);
    }

    private static Instant at(int hour) {
        return START.plus(Duration.ofHours(hour));
    }

    private static long hour(Instant time) {
        return Duration.between(START, time).toHours();
    }
}
