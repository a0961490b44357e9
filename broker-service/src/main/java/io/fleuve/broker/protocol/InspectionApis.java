package io.fleuve.broker.protocol;

import io.fleuve.broker.inspection.LogSizes;
import io.fleuve.broker.inspection.ProducerStates;
import io.fleuve.broker.metadata.ClusterMetadata;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AlterReplicaLogDirsRequest;
import org.apache.kafka.common.requests.DescribeLogDirsRequest;
import org.apache.kafka.common.requests.DescribeProducersRequest;

/** The APIs by which tools look into logs. */
public final class InspectionApis {

    private InspectionApis() {}

    /** Who writes to partitions. */
    public static List<Api<?>> ofProducers(ProducerStates producers, ClusterMetadata metadata) {
        return List.of(
                Api.of(
                        ApiKeys.DESCRIBE_PRODUCERS,
                        DescribeProducersRequest.class,
                        new DescribeProducersHandler(producers, metadata)));
    }

    /**
     * Where partitions are and how large.
     *
     * @param store what the store is called, as tools shall show it in place of a directory
     */
    public static List<Api<?>> ofStore(String store, LogSizes sizes, ClusterMetadata metadata) {
        return List.of(
                Api.of(
                        ApiKeys.DESCRIBE_LOG_DIRS,
                        DescribeLogDirsRequest.class,
                        new DescribeLogDirsHandler(store, sizes, metadata)),
                Api.of(
                        ApiKeys.ALTER_REPLICA_LOG_DIRS,
                        AlterReplicaLogDirsRequest.class,
                        new AlterReplicaLogDirsHandler(store, metadata)));
    }
}
