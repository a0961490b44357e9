package io.fleuve.broker.postgres;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

/** Topics, their partitions and the heads of their logs. */
interface TopicRepository extends JpaRepository<TopicEntity, UUID> {

    Optional<TopicEntity> findByName(String name);

    /** All partitions with their leaders, ordered by topic and index. */
    @Query(
            nativeQuery = true,
            value =
                    """
                    SELECT p.topic_id AS "topicId", p.partition AS "index", p.log_id AS "logId",
                           l.leader_id AS "leaderId", l.leader_epoch AS "leaderEpoch"
                    FROM partitions p JOIN logs l USING (log_id)
                    ORDER BY p.topic_id, p.partition
                    """)
    List<PartitionRow> findPartitions();

    @Query(nativeQuery = true, value = "SELECT count(*) FROM partitions WHERE topic_id = :topicId")
    long countPartitions(UUID topicId);

    /**
     * Adds the partitions from {@code first} to {@code last}, each with an empty log, and returns
     * the logs' ids.
     */
    @Query(
            nativeQuery = true,
            value =
                    """
                    WITH added AS (
                        INSERT INTO partitions (topic_id, partition, log_id)
                        SELECT :topicId, p, nextval('log_ids') FROM generate_series(:first, :last) AS p
                        RETURNING log_id),
                    kept_up AS (INSERT INTO upkeep (log_id) SELECT log_id FROM added)
                    INSERT INTO logs (log_id) SELECT log_id FROM added RETURNING log_id
                    """)
    List<Long> addPartitions(UUID topicId, int first, int last);

    /**
     * Says that the pieces of a topic's logs are to be removed, and whatever else is kept of them.
     * Locks rows in the order that upkeep uses: to be done before the heads are locked.
     */
    @Modifying
    @Query(
            nativeQuery = true,
            value =
                    """
                    UPDATE upkeep SET dropped = true FROM (
                        SELECT log_id FROM upkeep
                        WHERE log_id IN (SELECT log_id FROM partitions WHERE topic_id = :topicId)
                        ORDER BY log_id FOR UPDATE) AS locked
                    WHERE upkeep.log_id = locked.log_id
                    """)
    int dropLogs(UUID topicId);

    /** Locks the heads of a topic's logs, in the order that commits use, and returns their ids. */
    @Query(
            nativeQuery = true,
            value =
                    """
                    SELECT log_id FROM logs
                    WHERE log_id IN (SELECT log_id FROM partitions WHERE topic_id = :topicId)
                    ORDER BY log_id FOR UPDATE
                    """)
    List<Long> lockLogs(UUID topicId);

    /**
     * Deletes these logs. They must be locked by an earlier statement: what a commit wrote while
     * the lock was waited for is visible to a later one only.
     */
    @Modifying
    @Query(
            nativeQuery = true,
            value =
                    """
                    WITH without_producers AS (
                        DELETE FROM producer_states WHERE log_id = ANY (CAST(:logIds AS bigint[]))),
                    without_aborted AS (
                        DELETE FROM aborted_transactions WHERE log_id = ANY (CAST(:logIds AS bigint[])))
                    DELETE FROM logs WHERE log_id = ANY (CAST(:logIds AS bigint[]))
                    """)
    int deleteLogs(Long[] logIds);

    /** A partition and its leader. */
    interface PartitionRow {
        UUID getTopicId();

        int getIndex();

        long getLogId();

        int getLeaderId();

        int getLeaderEpoch();
    }
}
