package io.fleuve.alerts.store;

import io.fleuve.alerts.silences.Silence;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.transaction.support.TransactionTemplate;

/** Keeps the silences. */
public final class SilenceBook {

    private final SilenceRepository silences;
    private final TransitionRepository transitions;
    private final TransactionTemplate transactions;
    private final int max;
    private final InstantSource clock;

    /** What became of a silence that was to end early. */
    public sealed interface Expired {
        /** It is over. */
        record Done(SilenceEntity silence) implements Expired {}

        /** It was over before. */
        record Over() implements Expired {}

        /** There is no such silence. */
        record Missing() implements Expired {}
    }

    /**
     * @param max most silences that are not over: each is compared with each alert that is told
     */
    public SilenceBook(
            SilenceRepository silences,
            TransitionRepository transitions,
            TransactionTemplate transactions,
            int max,
            InstantSource clock) {
        this.silences = silences;
        this.transitions = transitions;
        this.transactions = transactions;
        this.max = max;
        this.clock = clock;
    }

    /** Keeps a new silence; nothing if there are as many as there may be. */
    public Optional<SilenceEntity> add(Silence silence) {
        Instant now = clock.instant();
        return transactions.execute(
                _ ->
                        silences.countByEndsAtAfter(now) >= max
                                ? Optional.empty()
                                : Optional.of(silences.save(new SilenceEntity(silence, now))));
    }

    /** Ends a silence; what it held is told soon. */
    public Expired expire(UUID id, String who) {
        Instant now = clock.instant();
        return transactions.execute(
                _ -> {
                    SilenceEntity row = silences.findForChange(id).orElse(null);
                    if (row == null) {
                        return new Expired.Missing();
                    }
                    if (!row.toSilence().until().isAfter(now)) {
                        return new Expired.Over();
                    }
                    row.expire(who, now);
                    transitions.lookAgain("silenced by " + id, now);
                    return new Expired.Done(row);
                });
    }

    /** All silences in force. */
    List<Silence> active(Instant now) {
        return silences.findActive(now).stream().map(SilenceEntity::toSilence).toList();
    }

    public Optional<SilenceEntity> find(UUID id) {
        return silences.findById(id);
    }

    /** A page of silences, those that last longest first. */
    public Page<SilenceEntity> page(boolean alsoOver, Pageable page) {
        return alsoOver
                ? silences.findAllByOrderByEndsAtDescId(page)
                : silences.findByEndsAtAfterOrderByEndsAtDescId(clock.instant(), page);
    }

    /** Most silences that are not over. */
    public int max() {
        return max;
    }
}
