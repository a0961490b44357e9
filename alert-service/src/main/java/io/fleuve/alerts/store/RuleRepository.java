package io.fleuve.alerts.store;

import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

/** Rows of {@code rules}. */
public interface RuleRepository extends JpaRepository<RuleEntity, UUID> {

    List<RuleEntity> findAllByOrderByName();

    /** The rules to evaluate, held against change until the evaluation is kept. */
    @Lock(LockModeType.PESSIMISTIC_READ)
    List<RuleEntity> findByEnabledTrue();

    /** The rules that apply, to look at only. */
    List<RuleEntity> findByEnabledTrueOrderByName();

    /** A rule to change, once no evaluation holds it. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select r from RuleEntity r where r.id = :id")
    Optional<RuleEntity> findForChange(UUID id);

    boolean existsByNameAndIdNot(String name, UUID id);
}
