package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.AlertStatus;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

/** Rows of {@code alerts}. */
public interface AlertRepository extends JpaRepository<AlertEntity, UUID> {

    /** Alerts, held against change, in an order that all transactions keep. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select a from AlertEntity a where a.id in :ids order by a.id")
    List<AlertEntity> lock(Collection<UUID> ids);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select a from AlertEntity a where a.id = :id")
    Optional<AlertEntity> findForChange(UUID id);

    /** Those of the alerts that no other transaction holds, held by this one. */
    @Query(
            nativeQuery = true,
            value =
                    "SELECT * FROM alerts WHERE id IN (:ids) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED")
    List<AlertEntity> lockFree(Collection<UUID> ids);

    /** Alerts with a reminder due that no other transaction holds, held by this one. */
    @Query(
            nativeQuery = true,
            value =
                    """
                    SELECT * FROM alerts WHERE reminder_due_at <= :now
                    ORDER BY reminder_due_at LIMIT :limit
                    FOR NO KEY UPDATE SKIP LOCKED
                    """)
    List<AlertEntity> lockWithReminderDue(Instant now, int limit);

    @Query(
            """
            select a from AlertEntity a
            where a.state in (AlertStatus.FIRING, AlertStatus.RECOVERING, AlertStatus.NO_DATA)
            order by a.startedAt, a.id
            """)
    List<AlertEntity> findOpen(Pageable most);

    long countByState(AlertStatus state);

    /**
     * A page of alerts, newest first; null filters let everything pass. Alerts that were pending
     * and lapsed are found by their state only.
     */
    @Query(
            """
            select a from AlertEntity a
            where ((:state is null and a.state <> AlertStatus.INACTIVE) or a.state = :state)
              and (:region is null or a.region = :region)
            order by a.startedAt desc, a.id
            """)
    Page<AlertEntity> find(@Nullable AlertStatus state, @Nullable String region, Pageable page);
}
