package io.fleuve.alerts.store;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Rows of {@code alerts}. */
public interface AlertRepository extends JpaRepository<AlertEntity, UUID> {

    List<AlertEntity> findByRuleIdAndState(UUID ruleId, AlertStatus state);

    long countByState(AlertStatus state);

    /** A page of alerts, newest first; null filters let everything pass. */
    @Query(
            """
            select a from AlertEntity a
            where (:state is null or a.state = :state) and (:region is null or a.region = :region)
            order by a.startedAt desc, a.id
            """)
    Page<AlertEntity> find(@Nullable AlertStatus state, @Nullable String region, Pageable page);
}
