package io.fleuve.broker.testing;

import io.fleuve.broker.coordinator.EndedTransactions;
import io.fleuve.broker.coordinator.OffsetTransactions;
import io.fleuve.broker.log.PartitionLogs;
import io.fleuve.broker.log.TransactionEnd;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.protocol.Api;
import io.fleuve.broker.protocol.transactions.EndMarkers;
import io.fleuve.broker.protocol.transactions.TransactionApis;
import io.fleuve.broker.transaction.ProducerIdentity;
import io.fleuve.broker.transaction.TransactionCatalog;
import io.fleuve.broker.transaction.TransactionCoordinator;
import io.fleuve.broker.transaction.TransactionSettings;
import io.fleuve.broker.transaction.TransactionState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** For tests in which nobody begins a transaction. */
public class NoTransactions implements TransactionCatalog, EndedTransactions, OffsetTransactions {

    /** The APIs of transactions, of which those that idempotent producers need work. */
    public static List<Api<?>> apis(PartitionLogs logs, ClusterMetadata metadata, Clock clock) {
        return TransactionApis.of(
                new TransactionCoordinator(
                        new NoTransactions(),
                        logs,
                        metadata,
                        new EndMarkers(),
                        () -> {},
                        new TransactionSettings(
                                Duration.ofHours(1), Duration.ofDays(7), Duration.ofSeconds(2)),
                        new SimpleMeterRegistry(),
                        clock),
                metadata,
                group -> -1,
                clock);
    }

    @Override
    public Optional<TransactionState> find(String id) {
        return Optional.empty();
    }

    @Override
    public Optional<TransactionState> findByProducer(long producerId) {
        return Optional.empty();
    }

    @Override
    public List<TransactionState> list() {
        return List.of();
    }

    @Override
    public Set<Long> settling() {
        return Set.of();
    }

    @Override
    public Initialised initialise(
            String id, ProducerIdentity known, int timeoutMs, long newProducerId) {
        throw new UnsupportedOperationException("no transactions");
    }

    @Override
    public Joined join(String id, ProducerIdentity producer, Collection<Long> logIds) {
        return Joined.UNKNOWN;
    }

    @Override
    public boolean end(TransactionEnd end) {
        return false;
    }

    @Override
    public List<TransactionState> overdue(int limit) {
        return List.of();
    }

    @Override
    public int expire(Duration idle, int limit) {
        return 0;
    }

    @Override
    public Open open() {
        return new Open(0, Optional.empty());
    }

    @Override
    public List<Ended> in(Collection<Long> logIds) {
        return List.of();
    }

    @Override
    public void join(String transactionalId, long producerId, short producerEpoch, long logId) {
        throw new UnsupportedOperationException("no transactions");
    }

    @Override
    public void verify(
            String transactionalId,
            long producerId,
            short producerEpoch,
            long logId,
            boolean abortable) {
        throw new UnsupportedOperationException("no transactions");
    }
}
