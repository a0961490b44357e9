package io.fleuve.alerts.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.alerts.rules.Condition;
import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.rules.Timing;
import io.fleuve.alerts.windows.WindowShape;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Days of 23 and 25 hours, and the ends of months. */
class AlertCalendarTest {

    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

    /** Before, at and after both changes of the clocks, at ends of months, in a leap year. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-03-29",
                "2024-03-30",
                "2024-03-31",
                "2024-10-25",
                "2024-10-26",
                "2024-10-27",
                "2024-02-27",
                "2024-02-28",
                "2024-04-29",
                "2024-12-30"
            })
    void threeDaysAreThreeDailyWindowsHoweverLongTheDays(String first) {
        Rule rule =
                TestRules.rule(
                        TestRules.HEAT,
                        TestRules.lasting(Duration.ofDays(3), Duration.ofDays(2)),
                        new WindowShape.Tumbling(Duration.ofDays(1), PARIS));
        LocalDate day = LocalDate.parse(first);
        List<String> steps = new ArrayList<>();
        RuleProgress progress = RuleProgress.none(rule.id(), Subject.region("paris"));
        double[] celsius = {31, 31, 31, 20, 20, 20};
        for (int i = 0; i < celsius.length; i++) {
            Observation seen =
                    new Observation(
                            progress.subject(),
                            midnight(day.plusDays(i)),
                            midnight(day.plusDays(i + 1)),
                            celsius[i]);
            Evaluation evaluation = AlertEvaluator.evaluate(rule, progress, seen, Normals.UNKNOWN);
            if (evaluation instanceof Evaluation.Advanced(RuleProgress next, var changes)) {
                progress = next;
                for (StateChange change : changes) {
                    steps.add(i + " " + change.to().status());
                }
            }
        }
        assertThat(steps).containsExactly("0 PENDING", "2 FIRING", "3 RECOVERING", "4 RESOLVED");
    }

    @Test
    void hoursAreHoursOverAChangeOfTheClocks() {
        Rule rule =
                TestRules.rule(
                        TestRules.HEAT, TestRules.lasting(Duration.ofHours(26), Duration.ZERO));
        Instant start = Instant.parse("2024-03-30T12:00:00Z");
        RuleProgress progress = RuleProgress.none(rule.id(), Subject.region("paris"));
        int firedAt = -1;
        for (int hour = 0; hour < 30; hour++) {
            Observation seen =
                    new Observation(
                            progress.subject(),
                            start.plus(Duration.ofHours(hour)),
                            start.plus(Duration.ofHours(hour + 1)),
                            31);
            if (AlertEvaluator.evaluate(rule, progress, seen, Normals.UNKNOWN)
                    instanceof Evaluation.Advanced(RuleProgress next, var changes)) {
                progress = next;
                if (changes.stream().anyMatch(c -> c.to() instanceof AlertState.Firing)) {
                    firedAt = hour;
                }
            }
        }
        assertThat(firedAt).isEqualTo(25);
    }

    /** By the clock, intervals are what they say, whatever the calendar does. */
    @ParameterizedTest
    @ValueSource(strings = {"2024-03-31T00:30:00Z", "2024-10-27T00:30:00Z", "2024-02-29T23:30:00Z"})
    void remindsAfterTheTimeThatTheRuleSays(String at) {
        Timing timing =
                new Timing(
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ofHours(4),
                        List.of(Duration.ofMinutes(15), Duration.ofHours(1)));
        Instant told = Instant.parse(at);
        Reminders reminders = Reminders.begin(told);
        List<String> due = new ArrayList<>();
        Instant now = told;
        while (due.size() < 5) {
            now = reminders.next(timing).orElseThrow();
            Reminders.Due something = reminders.due(timing, now).orElseThrow();
            due.add(Duration.between(told, now) + " " + words(something));
            reminders = something.after();
        }
        assertThat(due)
                .containsExactly(
                        "PT15M level 2",
                        "PT1H level 3",
                        "PT5H repeat 1",
                        "PT9H repeat 2",
                        "PT13H repeat 3");
        assertThat(reminders.acknowledge().next(timing)).isEmpty();
    }

    @Test
    void makesUpForAPauseOfTheServiceWithOneRepetition() {
        Timing timing = new Timing(Duration.ZERO, Duration.ZERO, Duration.ofHours(4), List.of());
        Instant told = Instant.parse("2024-03-30T00:00:00Z");
        Instant later = told.plus(Duration.ofDays(3));
        Reminders.Due due = Reminders.begin(told).due(timing, later).orElseThrow();
        assertThat(words(due)).isEqualTo("repeat 1");
        assertThat(due.after().due(timing, later)).isEmpty();
        assertThat(due.after().next(timing)).contains(later.plus(Duration.ofHours(4)));
    }

    @Test
    void findsSilenceOverAChangeOfTheClocksAndNamesItAfterTheLastWindow() {
        Rule rule =
                TestRules.rule(
                        new Condition.NoData(Duration.ofHours(3)),
                        TestRules.lasting(Duration.ofHours(1), Duration.ofHours(1)));
        Instant heard = Instant.parse("2024-10-27T00:00:00Z");
        Instant windowEnd = heard.minus(Duration.ofMinutes(10));
        RuleProgress progress =
                advance(
                        SilenceWatch.hear(
                                rule,
                                RuleProgress.none(rule.id(), Subject.region("paris")),
                                seen(windowEnd),
                                heard));
        List<String> steps = new ArrayList<>();
        Instant now = heard;
        Optional<Instant> next = SilenceWatch.nextLook(rule, progress);
        while (next.isPresent()) {
            now = next.get();
            progress = advance(SilenceWatch.look(rule, progress, now));
            steps.add(Duration.between(heard, now) + " " + progress.state().status());
            next = SilenceWatch.nextLook(rule, progress);
        }
        assertThat(steps).containsExactly("PT3H PENDING", "PT4H NO_DATA");
        assertThat(progress.state())
                .isInstanceOfSatisfying(
                        AlertState.NoData.class,
                        silent -> assertThat(silent.episode().startedAt()).isEqualTo(windowEnd));

        Instant back = now.plus(Duration.ofDays(1));
        progress =
                advance(
                        SilenceWatch.hear(
                                rule, progress, seen(windowEnd.plus(Duration.ofDays(1))), back));
        assertThat(progress.state().status()).isEqualTo(AlertStatus.RECOVERING);
        assertThat(SilenceWatch.nextLook(rule, progress)).contains(back.plus(Duration.ofHours(1)));
        progress = advance(SilenceWatch.look(rule, progress, back.plus(Duration.ofHours(1))));
        assertThat(progress.state().status()).isEqualTo(AlertStatus.RESOLVED);
    }

    private static Observation seen(Instant windowEnd) {
        return new Observation(
                Subject.region("paris"), windowEnd.minus(Duration.ofHours(1)), windowEnd, 20);
    }

    private static RuleProgress advance(Evaluation evaluation) {
        return switch (evaluation) {
            case Evaluation.Advanced(RuleProgress next, var _) -> next;
            case Evaluation.AlreadyEvaluated() -> throw new AssertionError("nothing happened");
        };
    }

    private static String words(Reminders.Due due) {
        return switch (due) {
            case Reminders.Due.Repeat(int number, Reminders _) -> "repeat " + number;
            case Reminders.Due.Escalation(int level, Reminders _) -> "level " + level;
        };
    }

    private static Instant midnight(LocalDate day) {
        return day.atStartOfDay(PARIS).toInstant();
    }
}
