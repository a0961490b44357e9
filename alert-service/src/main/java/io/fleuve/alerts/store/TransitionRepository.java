package io.fleuve.alerts.store;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

/** Rows of {@code alert_transitions}. */
public interface TransitionRepository extends JpaRepository<TransitionEntity, Long> {

    List<TransitionEntity> findByAlertIdOrderById(UUID alertId);

    Page<TransitionEntity> findByAlertIdOrderById(UUID alertId, Pageable page);

    /** Rules of which something is to be told now. */
    @Query(
            nativeQuery = true,
            value =
                    "SELECT DISTINCT rule_id FROM alert_transitions WHERE tell_due_at <= :now LIMIT :limit")
    List<UUID> rulesToTell(Instant now, int limit);

    /** Whether this transaction is the only one that tells of the rule: a group is not split. */
    @Query(
            nativeQuery = true,
            value = "SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))")
    boolean tryLock(String name);

    /** What is to be told of a rule, held by this transaction. */
    @Query(
            nativeQuery = true,
            value =
                    """
                    SELECT * FROM alert_transitions WHERE rule_id = :ruleId AND tell_due_at <= :until
                    ORDER BY id LIMIT :limit
                    FOR UPDATE SKIP LOCKED
                    """)
    List<TransitionEntity> lockToTell(UUID ruleId, Instant until, int limit);

    /** When the next one is to be told. */
    @Query("select min(t.tellDueAt) from TransitionEntity t where t.tellDueAt is not null")
    @Nullable Instant nextToTell();

    /** Looks at what a silence held again. */
    @Modifying
    @Query(
            """
            update TransitionEntity t set t.tellDueAt = :now
            where t.telling = TellingStatus.HELD and t.tellingReason = :reason
            """)
    void lookAgain(String reason, Instant now);
}
