package io.fleuve.alerts.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.alerts.rules.Condition;
import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.rules.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SilenceWatchTest {

    private static final Instant START = Instant.parse("2024-03-30T04:00:00Z");
    private static final Duration AFTER = Duration.ofMinutes(90);
    private static final Rule RULE =
            TestRules.rule(
                    new Condition.NoData(AFTER),
                    new Timing(Duration.ofHours(3), Duration.ZERO, Duration.ZERO, List.of()));

    @Test
    void aSilenceAfterAWindowIsNotTheOneOfAWatchThatBeganWhenTheWindowEnded() {
        RuleProgress watched = RuleProgress.none(RULE.id(), Subject.region("dakar")).watched(START);
        Instant found = START.plus(AFTER);
        RuleProgress silent = look(watched, found);
        Episode first = episode(silent);
        // Readings of a replay: the window ends, in event time, when the watch began.
        Observation window =
                new Observation(watched.subject(), START.minus(Duration.ofHours(1)), START, 27.5);
        RuleProgress heard = advanced(SilenceWatch.hear(RULE, silent, window, found));
        assertThat(heard.state()).isInstanceOf(AlertState.Inactive.class);
        Episode second = episode(look(heard, found.plus(AFTER)));
        assertThat(second.startedAt()).isEqualTo(START);
        assertThat(second.alertId()).isNotEqualTo(first.alertId());
        assertThat(first.startedAt()).isBetween(START, START.plusMillis(1));
    }

    @Test
    void aSilenceThatIsWatchedAgainAndAgainIsAnotherEachTime() {
        // Windows of a replay that is faster than time, whose ends are ahead of the clock.
        Instant now = START;
        Observation window =
                new Observation(
                        Subject.region("dakar"),
                        START.plus(Duration.ofDays(1)),
                        START.plus(Duration.ofDays(1)).plus(Duration.ofHours(1)),
                        27.5);
        RuleProgress progress =
                advanced(
                        SilenceWatch.hear(
                                RULE,
                                RuleProgress.none(RULE.id(), Subject.region("dakar")).watched(now),
                                window,
                                now));
        Set<UUID> alerts = new HashSet<>();
        for (int i = 1; i <= 4; i++) {
            now = now.plus(AFTER).plus(RULE.timing().holdFor());
            RuleProgress silent = look(progress, now);
            alerts.add(((AlertState.NoData) silent.state()).episode().alertId());
            assertThat(alerts).hasSize(i);
            progress =
                    advanced(
                                    AlertEvaluator.withdraw(
                                            silent,
                                            new Finding.Silent(1, 1, now),
                                            EndReason.RULE_DISABLED))
                            .watched(now);
        }
    }

    @Test
    void aSilenceThatWasWithdrawnBeforeItWasRaisedIsAnotherWhenItIsWatchedAgain() {
        Subject dakar = Subject.region("dakar");
        Observation window = new Observation(dakar, START.minus(Duration.ofHours(1)), START, 27.5);
        RuleProgress heard =
                advanced(
                        SilenceWatch.hear(
                                RULE,
                                RuleProgress.none(RULE.id(), dakar).watched(START),
                                window,
                                START));
        Instant found = START.plus(AFTER);
        RuleProgress silent = look(heard, found);
        RuleProgress again =
                advanced(
                                AlertEvaluator.withdraw(
                                        silent,
                                        new Finding.Silent(1, 1, found),
                                        EndReason.RULE_CHANGED))
                        .watched(found);
        RuleProgress silentAgain = look(again, found.plus(AFTER));
        assertThat(episode(silentAgain).alertId()).isNotEqualTo(episode(silent).alertId());
    }

    private static RuleProgress look(RuleProgress progress, Instant now) {
        return advanced(SilenceWatch.look(RULE, progress, now));
    }

    private static RuleProgress advanced(Evaluation evaluation) {
        return ((Evaluation.Advanced) evaluation).progress();
    }

    private static Episode episode(RuleProgress progress) {
        return ((AlertState.Pending) progress.state()).episode();
    }
}
