package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.AlertAnnouncement;
import io.fleuve.alerts.alerts.AlertTransition;
import io.fleuve.alerts.alerts.Announcement;
import io.fleuve.alerts.alerts.EndReason;
import io.fleuve.alerts.alerts.Reminders;
import io.fleuve.alerts.alerts.Telling;
import io.fleuve.alerts.outbox.Announcer;
import io.fleuve.alerts.rules.RuleDefaults;
import io.fleuve.alerts.rules.Timing;
import io.fleuve.alerts.silences.Suppression;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.PageRequest;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tells what is waiting to be told, and reminds of what is still open. Rows are claimed with {@code
 * FOR UPDATE SKIP LOCKED}, so that several instances share the work; the transitions of one rule
 * are told by one of them at a time, so that what belongs in one message stays in it.
 */
public final class AlertTeller {

    private static final int MAX_RULES = 50;
    private static final int MAX_OPEN = 10_000;

    private final Tables tables;
    private final RuleDefaults defaults;
    private final AlertingSettings settings;
    private final Announcer announcer;
    private final TransactionTemplate transactions;
    private final Consumer<List<AlertTransition>> committed;
    private final InstantSource clock;

    /** What the teller reads and writes. */
    public record Tables(
            RuleRepository rules,
            AlertRepository alerts,
            TransitionRepository transitions,
            SilenceBook silences) {}

    /**
     * @param committed told, after a commit, what was announced; never called for nothing
     */
    public AlertTeller(
            Tables tables,
            RuleDefaults defaults,
            AlertingSettings settings,
            Announcer announcer,
            TransactionTemplate transactions,
            Consumer<List<AlertTransition>> committed,
            InstantSource clock) {
        this.tables = tables;
        this.defaults = defaults;
        this.settings = settings;
        this.announcer = announcer;
        this.transactions = transactions;
        this.committed = committed;
        this.clock = clock;
    }

    /** What is told together. */
    private record Group(AlertTransition transition, int number, @Nullable Instant windowEnd) {}

    /** One transition that is told. */
    private record Member(TransitionEntity entry, AlertEntity alert) {}

    /**
     * Tells what is due.
     *
     * @return how many transitions were decided on
     */
    public int tell() {
        int decided = 0;
        for (UUID rule : tables.transitions().rulesToTell(clock.instant(), MAX_RULES)) {
            List<AlertTransition> told = new ArrayList<>();
            Integer rows = transactions.execute(_ -> tell(rule, told));
            decided += rows == null ? 0 : rows;
            if (!told.isEmpty()) {
                committed.accept(told);
            }
        }
        return decided;
    }

    private int tell(UUID rule, List<AlertTransition> told) {
        if (!tables.transitions().tryLock("fleuve.alerts.tell." + rule)) {
            return 0;
        }
        Instant now = clock.instant();
        // Those that would be due within the wait belong to the same message as those that are.
        List<TransitionEntity> due =
                tables.transitions()
                        .lockToTell(rule, now.plus(settings.groupWait()), settings.batch());
        if (due.isEmpty()) {
            return 0;
        }
        Map<UUID, AlertEntity> alerts = new HashMap<>();
        tables.alerts()
                .lockFree(due.stream().map(TransitionEntity::alertId).distinct().toList())
                .forEach(a -> alerts.put(a.id(), a));
        Suppressions suppressions = suppressions(now);
        Timing timing = timingOf(rule);
        Map<Group, List<Member>> groups = new LinkedHashMap<>();
        int decided = 0;
        for (TransitionEntity entry : due) {
            AlertEntity alert = alerts.get(entry.alertId());
            // Held by an evaluation now: the next round will find it.
            if (alert == null) {
                continue;
            }
            decided++;
            decide(entry, alert, suppressions.of(alert), timing, now)
                    .ifTold(
                            group ->
                                    groups.computeIfAbsent(group, _ -> new ArrayList<>())
                                            .add(new Member(entry, alert)));
        }
        groups.forEach(
                (group, members) -> {
                    announce(group, members, now);
                    members.forEach(m -> told.add(m.entry().transition()));
                });
        return decided;
    }

    private record Decided(@Nullable Group group) {
        void ifTold(Consumer<Group> action) {
            if (group != null) {
                action.accept(group);
            }
        }
    }

    private Decided decide(
            TransitionEntity entry,
            AlertEntity alert,
            Suppression suppression,
            Timing timing,
            Instant now) {
        Reminders known = alert.reminders();
        boolean wasHeld = entry.telling() == TellingStatus.HELD;
        Telling.Waiting waiting =
                new Telling.Waiting(
                        entry.transition(),
                        wasHeld,
                        alert.state(),
                        known != null,
                        alert.acknowledgedAt() != null);
        return switch (Telling.decide(waiting, suppression, now, settings.recheck())) {
            case Telling.Hold(Instant until, String why) -> {
                entry.hold(until, why);
                yield new Decided(null);
            }
            case Telling.Drop(String why) -> {
                entry.drop(why);
                yield new Decided(null);
            }
            case Telling.Tell() -> {
                if (known == null) {
                    Reminders begun = Reminders.begin(now);
                    Reminders told = waiting.isAcknowledged() ? begun.acknowledge() : begun;
                    alert.remind(
                            told, alert.state().isOpen() ? told.next(timing).orElse(null) : null);
                }
                boolean byTheClock = wasHeld || entry.number() > 0;
                yield new Decided(
                        new Group(
                                entry.transition(),
                                entry.number(),
                                byTheClock ? null : entry.windowEnd()));
            }
        };
    }

    private void announce(Group group, List<Member> members, Instant now) {
        List<Member> ordered =
                members.stream()
                        .sorted(
                                Comparator.comparing((Member m) -> m.alert().region())
                                        .thenComparing(m -> m.alert().episodeId()))
                        .toList();
        String key = key(group, ordered);
        ordered.forEach(m -> m.entry().told(key));
        int repeat = group.transition() == AlertTransition.REPEATED ? group.number() : 0;
        int escalation = ordered.stream().mapToInt(m -> m.alert().escalation()).max().orElse(1);
        announcer.announce(
                new Announcement(
                        key,
                        ordered.getFirst().alert().severity(),
                        repeat,
                        escalation,
                        ordered.stream().map(AlertTeller::announcement).toList()),
                now);
    }

    /** A function of who did what, so that whoever tells it again tells nobody twice. */
    private static String key(Group group, List<Member> members) {
        String content =
                members.stream().map(m -> m.alert().episodeId()).collect(Collectors.joining("\n"));
        return "%s-%d-%s".formatted(group.transition(), group.number(), sha256(content));
    }

    private static AlertAnnouncement announcement(Member member) {
        AlertEntity alert = member.alert();
        TransitionEntity entry = member.entry();
        return new AlertAnnouncement(
                alert.id(),
                alert.episode(),
                entry.transition(),
                alert.ruleName(),
                alert.severity(),
                alert.region(),
                alert.sensor(),
                alert.labels(),
                entry.finding(),
                entry.windowStart(),
                entry.windowEnd(),
                alert.endReason() == null || entry.transition() != AlertTransition.RESOLVED
                        ? EndReason.RECOVERED
                        : Objects.requireNonNull(alert.endReason()));
    }

    /**
     * Repeats and calls in where that is due.
     *
     * @return how many alerts were looked at
     */
    public int remind() {
        Instant now = clock.instant();
        Integer looked =
                transactions.execute(
                        _ -> {
                            List<AlertEntity> due =
                                    tables.alerts().lockWithReminderDue(now, settings.batch());
                            if (due.isEmpty()) {
                                return 0;
                            }
                            Suppressions suppressions = suppressions(now);
                            Map<UUID, Timing> timings = new HashMap<>();
                            for (AlertEntity alert : due) {
                                Timing timing =
                                        timings.computeIfAbsent(alert.ruleId(), this::timingOf);
                                remind(alert, suppressions.of(alert), timing, now);
                            }
                            return due.size();
                        });
        return looked == null ? 0 : looked;
    }

    private void remind(AlertEntity alert, Suppression suppression, Timing timing, Instant now) {
        Reminders known = alert.reminders();
        if (known == null || !alert.state().isOpen()) {
            alert.remindAt(null);
            return;
        }
        Reminders.Due due = known.due(timing, now).orElse(null);
        if (due == null) {
            alert.remindAt(known.next(timing).orElse(null));
            return;
        }
        switch (suppression) {
            case Suppression.Silenced(_, Instant until) -> alert.remindAt(until);
            case Suppression.Inhibited _ -> alert.remindAt(now.plus(settings.recheck()));
            case Suppression.None() -> {
                alert.remind(due.after(), due.after().next(timing).orElse(null));
                tables.transitions().save(reminder(alert, due, now));
            }
        }
    }

    private TransitionEntity reminder(AlertEntity alert, Reminders.Due due, Instant now) {
        TransitionEntity entry =
                switch (due) {
                    case Reminders.Due.Repeat(int number, _) ->
                            new TransitionEntity(
                                            alert, HistoryKind.REPEATED, "repeat-interval", now)
                                    .numbered(number);
                    case Reminders.Due.Escalation(int level, _) ->
                            new TransitionEntity(
                                            alert, HistoryKind.ESCALATED, "not-acknowledged", now)
                                    .numbered(level);
                };
        return entry.toBeToldAt(now.plus(settings.groupWait()));
    }

    private Suppressions suppressions(Instant now) {
        return new Suppressions(
                tables.silences().active(now),
                settings.inhibitions(),
                settings.inhibitions().isEmpty()
                        ? List.of()
                        : tables.alerts().findOpen(PageRequest.of(0, MAX_OPEN)),
                now);
    }

    /** How a rule reminds; not at all once it is gone. */
    private Timing timingOf(UUID rule) {
        return tables.rules()
                .findById(rule)
                .flatMap(row -> row.toRule(defaults))
                .map(r -> r.timing())
                .orElse(Timing.IMMEDIATE);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
