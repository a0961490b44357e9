package io.fleuve.broker.protocol.transactions;

import io.fleuve.broker.metadata.BrokerImage;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.protocol.Api;
import io.fleuve.broker.transaction.TransactionCoordinator;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AddOffsetsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.DescribeTransactionsRequest;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.ListTransactionsRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.server.common.TransactionVersion;

/** The APIs of transactions, at all versions that this release of Kafka serves. */
public final class TransactionApis {

    private TransactionApis() {}

    /**
     * The APIs of transactions, and of the ids of producers.
     *
     * @param groupLogs the log of the offsets of a group
     */
    public static List<Api<?>> of(
            TransactionCoordinator transactions,
            ClusterMetadata metadata,
            ToLongFunction<String> groupLogs,
            Clock clock) {
        PartitionLookup lookup = new PartitionLookup(metadata);
        TransactionHandlers handlers =
                new TransactionHandlers(transactions, groupLogs::applyAsLong);
        TransactionAdministration administration =
                new TransactionAdministration(transactions, lookup, new Placement(metadata), clock);
        return List.of(
                // Version 6 is for two-phase commit (KIP-939), and not stable yet.
                new Api<>(
                        ApiKeys.INIT_PRODUCER_ID,
                        ApiKeys.INIT_PRODUCER_ID.oldestVersion(),
                        (short) 5,
                        InitProducerIdRequest.class,
                        new InitProducerIdHandler(metadata, transactions)),
                Api.of(
                        ApiKeys.ADD_PARTITIONS_TO_TXN,
                        AddPartitionsToTxnRequest.class,
                        new AddPartitionsHandler(transactions, lookup)),
                Api.of(
                        ApiKeys.ADD_OFFSETS_TO_TXN,
                        AddOffsetsToTxnRequest.class,
                        handlers::addOffsets),
                Api.of(ApiKeys.END_TXN, EndTxnRequest.class, handlers::end),
                Api.of(
                        ApiKeys.WRITE_TXN_MARKERS,
                        WriteTxnMarkersRequest.class,
                        administration::writeMarkers),
                Api.of(
                        ApiKeys.DESCRIBE_TRANSACTIONS,
                        DescribeTransactionsRequest.class,
                        administration::describe),
                Api.of(
                        ApiKeys.LIST_TRANSACTIONS,
                        ListTransactionsRequest.class,
                        administration::list));
    }

    /** The broker that clients are sent to with a transactional id. */
    public static Optional<BrokerImage> brokerOf(ClusterMetadata metadata, String transactionalId) {
        return new Placement(metadata).brokerOf(transactionalId);
    }

    /** The feature level at which Java clients use the newer protocol of transactions (KIP-890). */
    public static Map<String, Short> finalizedFeatures() {
        return Map.of(
                TransactionVersion.FEATURE_NAME,
                TransactionVersion.LATEST_PRODUCTION.featureLevel());
    }
}
