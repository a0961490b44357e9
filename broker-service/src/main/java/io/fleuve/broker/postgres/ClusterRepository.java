package io.fleuve.broker.postgres;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The cluster as a whole: its version, and which brokers are alive. */
interface ClusterRepository extends Repository<BrokerEntity, Integer> {

    @Query(nativeQuery = true, value = "SELECT cluster_id AS \"clusterId\", version FROM cluster")
    ClusterRow find();

    /** Locks the cluster's row until the end of the transaction and raises the version. */
    @Query(nativeQuery = true, value = "SELECT change_metadata()")
    long change();

    @Query(
            nativeQuery = true,
            value =
                    "SELECT * FROM brokers WHERE broker_id = ANY (SELECT unnest(alive) FROM cluster) ORDER BY broker_id")
    List<BrokerEntity> findAlive();

    /** Gives new logs their leaders. */
    @Query(
            nativeQuery = true,
            value = "SELECT choose_leaders((SELECT alive FROM cluster), CAST(:logIds AS bigint[]))")
    int chooseLeaders(Long[] logIds);

    @Query(
            nativeQuery = true,
            value =
                    """
                    SELECT register_broker(:id, :incarnation, :host, :port, :ttlMs,
                        CAST(:externalHost AS text), CAST(:externalPort AS integer))
                    """)
    @Nullable Long register(
            int id,
            UUID incarnation,
            String host,
            int port,
            int ttlMs,
            @Nullable String externalHost,
            @Nullable Integer externalPort);

    @Query(nativeQuery = true, value = "SELECT claim_broker_id(:ttlMs)")
    int claimId(int ttlMs);

    @Query(nativeQuery = true, value = "SELECT heartbeat(:id, :incarnation, :ttlMs)")
    @Nullable Long heartbeat(int id, UUID incarnation, int ttlMs);

    @Query(nativeQuery = true, value = "SELECT leave_cluster(:id, :incarnation)")
    @Nullable Long leave(int id, UUID incarnation);

    /** The first of a thousand producer ids that nobody had before. */
    @Query(nativeQuery = true, value = "SELECT nextval('producer_id_blocks') * 1000")
    long nextProducerIdBlock();

    /** The cluster's id and the version of its metadata. */
    interface ClusterRow {
        String getClusterId();

        long getVersion();
    }
}
