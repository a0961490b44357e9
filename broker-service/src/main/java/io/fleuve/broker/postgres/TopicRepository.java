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
                        RETURNING log_id)
                    INSERT INTO logs (log_id) SELECT log_id FROM added RETURNING log_id
                    """)
    List<Long> addPartitions(UUID topicId, int first, int last);

    /**
     * Deletes all that is known of the logs of a topic; the topic's own rows follow when it is
     * deleted.
     */
    @Modifying
    @Query(
            nativeQuery = true,
            value =
                    """
                    WITH gone AS MATERIALIZED (
                        SELECT log_id FROM logs WHERE log_id IN
                            (SELECT log_id FROM partitions WHERE topic_id = :topicId)
                        ORDER BY log_id FOR UPDATE),
                    without_producers AS (
                        DELETE FROM producer_states WHERE log_id IN (SELECT log_id FROM gone)),
                    without_pieces AS (
                        DELETE FROM pieces WHERE log_id IN (SELECT log_id FROM gone))
                    DELETE FROM logs WHERE log_id IN (SELECT log_id FROM gone)
                    """)
    int deleteLogs(UUID topicId);

    /** A partition and its leader. */
    interface PartitionRow {
        UUID getTopicId();

        int getIndex();

        long getLogId();

        int getLeaderId();

        int getLeaderEpoch();
    }
}
