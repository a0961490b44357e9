package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.Reminders;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.transaction.support.TransactionTemplate;

/** What people do about alerts: take charge of them, and say something. */
public final class AlertDesk {

    private final AlertRepository alerts;
    private final TransitionRepository transitions;
    private final TransactionTemplate transactions;
    private final Duration groupWait;
    private final Runnable committed;
    private final InstantSource clock;

    /** What became of it. */
    public sealed interface Done {
        /** It is written. */
        record Written(AlertEntity alert) implements Done {}

        /** The alert is over, or not yet one. */
        record NotOpen(AlertEntity alert) implements Done {}

        /** Someone else has taken charge before. */
        record TakenBy(String who) implements Done {}

        /** There is no such alert. */
        record Missing() implements Done {}
    }

    /**
     * @param committed told, after a commit, that something may be to be told
     */
    public AlertDesk(
            AlertRepository alerts,
            TransitionRepository transitions,
            TransactionTemplate transactions,
            Duration groupWait,
            Runnable committed,
            InstantSource clock) {
        this.alerts = alerts;
        this.transitions = transitions;
        this.transactions = transactions;
        this.groupWait = groupWait;
        this.committed = committed;
        this.clock = clock;
    }

    /** Takes charge of an open alert: it is not repeated and calls nobody in any more. */
    public Done acknowledge(UUID id, String who, String comment) {
        Done done = transactions.execute(_ -> acknowledged(id, who, comment));
        committed.run();
        return done == null ? new Done.Missing() : done;
    }

    private Done acknowledged(UUID id, String who, String comment) {
        AlertEntity alert = alerts.findForChange(id).orElse(null);
        if (alert == null) {
            return new Done.Missing();
        }
        if (!alert.state().isOpen()) {
            return new Done.NotOpen(alert);
        }
        String before = alert.acknowledgedBy();
        if (before != null) {
            return before.equals(who) ? new Done.Written(alert) : new Done.TakenBy(before);
        }
        Instant now = clock.instant();
        Reminders known = alert.reminders();
        alert.acknowledge(who, comment, now);
        TransitionEntity entry =
                new TransitionEntity(alert, HistoryKind.ACKNOWLEDGED, "acknowledged", now)
                        .by(who, comment);
        // Those who were called in learn that they are not needed any more.
        if (known != null && known.level() > 1) {
            entry.toBeToldAt(now.plus(groupWait));
        }
        transitions.save(entry);
        return new Done.Written(alert);
    }

    /** Writes a comment into the history of an alert, over or not. */
    public Done comment(UUID id, String who, String comment) {
        Done done =
                transactions.execute(
                        _ -> {
                            AlertEntity alert = alerts.findForChange(id).orElse(null);
                            if (alert == null) {
                                return new Done.Missing();
                            }
                            transitions.save(
                                    new TransitionEntity(
                                                    alert,
                                                    HistoryKind.COMMENTED,
                                                    "commented",
                                                    clock.instant())
                                            .by(who, comment));
                            return new Done.Written(alert);
                        });
        return done == null ? new Done.Missing() : done;
    }
}
