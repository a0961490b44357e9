package io.fleuve.alerts.store;

import java.util.List;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;

/** Rows of {@code alert_transitions}. */
public interface TransitionRepository extends JpaRepository<TransitionEntity, Long> {

    List<TransitionEntity> findByAlertIdOrderById(UUID alertId);
}
