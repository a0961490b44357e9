package io.fleuve.alerts.store;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

/** Rows of {@code rule_progress}. */
public interface RuleProgressRepository
        extends JpaRepository<RuleProgressEntity, RuleProgressEntity.Key> {

    @Query(
            """
            select p from RuleProgressEntity p left join fetch p.alert
            where p.key.region in :regions
            """)
    List<RuleProgressEntity> findByRegions(Collection<String> regions);

    @Modifying(flushAutomatically = true)
    @Query("delete from RuleProgressEntity p where p.key.ruleId = :ruleId")
    void deleteByRule(UUID ruleId);
}
