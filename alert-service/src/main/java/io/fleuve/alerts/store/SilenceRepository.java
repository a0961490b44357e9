package io.fleuve.alerts.store;

import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

/** Rows of {@code silences}. */
public interface SilenceRepository extends JpaRepository<SilenceEntity, UUID> {

    @Query("select s from SilenceEntity s where s.startsAt <= :now and s.endsAt > :now")
    List<SilenceEntity> findActive(Instant now);

    long countByEndsAtAfter(Instant now);

    Page<SilenceEntity> findAllByOrderByEndsAtDescId(Pageable page);

    Page<SilenceEntity> findByEndsAtAfterOrderByEndsAtDescId(Instant now, Pageable page);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select s from SilenceEntity s where s.id = :id")
    Optional<SilenceEntity> findForChange(UUID id);
}
