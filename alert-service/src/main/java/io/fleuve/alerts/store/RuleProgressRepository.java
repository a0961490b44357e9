package io.fleuve.alerts.store;

import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

/** Rows of {@code rule_progress}. */
public interface RuleProgressRepository
        extends JpaRepository<RuleProgressEntity, RuleProgressEntity.Key> {

    /** Held against change, in an order that all transactions keep. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query(
            """
            select p from RuleProgressEntity p where p.key.region in :regions
            order by p.key.ruleId, p.key.region, p.key.sensor
            """)
    List<RuleProgressEntity> lockByRegions(Collection<String> regions);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query(
            """
            select p from RuleProgressEntity p where p.key.ruleId = :ruleId
            order by p.key.ruleId, p.key.region, p.key.sensor
            """)
    List<RuleProgressEntity> lockByRule(UUID ruleId);

    /** Places where silence may be found now, not held by another transaction, held by this one. */
    @Query(
            nativeQuery = true,
            value =
                    """
                    SELECT * FROM rule_progress WHERE look_due_at <= :now
                    ORDER BY look_due_at LIMIT :limit
                    FOR UPDATE SKIP LOCKED
                    """)
    List<RuleProgressEntity> lockWithLookDue(Instant now, int limit);

    @Modifying(flushAutomatically = true)
    @Query("delete from RuleProgressEntity p where p.key.ruleId = :ruleId")
    void deleteByRule(UUID ruleId);
}
