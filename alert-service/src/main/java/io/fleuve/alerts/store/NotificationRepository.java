package io.fleuve.alerts.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

/** Rows of {@code notifications}. */
public interface NotificationRepository extends JpaRepository<NotificationEntity, UUID> {

    /**
     * Due rows that no other transaction holds, held by this one. Whoever is told of an alert is
     * told in order: a row waits for an earlier one about the same alert to the same recipient that
     * is being sent or is to be sent again.
     */
    @Query(
            nativeQuery = true,
            value =
                    """
                    SELECT * FROM notifications n
                    WHERE state IN ('PENDING', 'SENDING', 'RETRY', 'UNKNOWN') AND due_at <= :now
                      AND NOT EXISTS (SELECT FROM notifications e
                                      WHERE e.alert_id = n.alert_id AND e.channel = n.channel
                                        AND e.recipient = n.recipient AND e.sequence < n.sequence
                                        AND e.state IN ('PENDING', 'SENDING', 'RETRY')
                                        AND (e.state <> 'PENDING' OR e.due_at <= :now))
                      AND channel NOT IN (SELECT g.channel FROM channel_gates g
                                          WHERE greatest(g.tokens_due_at, g.retry_after_until, g.open_until) > :now)
                    ORDER BY due_at, sequence LIMIT :limit
                    FOR UPDATE SKIP LOCKED
                    """)
    List<NotificationEntity> lockDue(Instant now, int limit);

    @Lock(jakarta.persistence.LockModeType.PESSIMISTIC_WRITE)
    @Query("select n from NotificationEntity n where n.id = :id")
    Optional<NotificationEntity> findForChange(UUID id);

    /** All messages that tell of an alert, alone or with others. */
    @Query(
            """
            select n from NotificationEntity n
            where n.episodeId in (select t.announcementKey from TransitionEntity t
                                  where t.alertId = :alertId and t.announcementKey is not null)
            order by n.sequence
            """)
    List<NotificationEntity> findByAlert(UUID alertId);

    /** A page of notifications, newest first; null filters let everything pass. */
    @Query(
            """
            select n from NotificationEntity n where (:state is null or n.state = :state)
            order by n.createdAt desc, n.sequence desc
            """)
    Page<NotificationEntity> find(@Nullable DeliveryStatus state, Pageable page);

    @Query(
            """
            select count(n) from NotificationEntity n
            where n.state in (DeliveryStatus.PENDING, DeliveryStatus.SENDING, DeliveryStatus.RETRY,
                              DeliveryStatus.UNKNOWN)
            """)
    long countUnfinished();

    @Query(
            """
            select min(n.createdAt) from NotificationEntity n
            where n.state in (DeliveryStatus.PENDING, DeliveryStatus.SENDING, DeliveryStatus.RETRY,
                              DeliveryStatus.UNKNOWN)
            """)
    @Nullable Instant oldestUnfinished();
}
