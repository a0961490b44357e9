package io.fleuve.gateway.idempotency;

import io.fleuve.gateway.kafka.KafkaClients;
import io.fleuve.gateway.kafka.LogTail;
import io.fleuve.gateway.kafka.TransactionAdmin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.config.TopicConfig;

/** What this gateway has read of the claims and of the outcomes so far. */
final class ClaimView implements AutoCloseable {

    private final List<Guarded> ledgers;
    private final LogTail claims;
    private final LogTail outcomes;

    private ClaimView(KafkaClients clients, IdempotencySettings settings, int partitions) {
        this.ledgers =
                Stream.generate(() -> new Guarded(new ClaimLedger(settings.forgetAfterMs())))
                        .limit(partitions)
                        .toList();
        this.claims =
                new LogTail(
                        clients,
                        settings.claimsTopic(),
                        partitions,
                        IsolationLevel.READ_UNCOMMITTED,
                        record ->
                                ledgers.get(record.partition())
                                        .with(ledger -> ClaimCodec.apply(record, ledger)));
        this.outcomes =
                new LogTail(
                        clients,
                        settings.outcomesTopic(),
                        partitions,
                        IsolationLevel.READ_COMMITTED,
                        record ->
                                ledgers.get(record.partition())
                                        .with(ledger -> ClaimCodec.applyOutcome(record, ledger)));
    }

    /** A ledger, and who uses it now. */
    private record Guarded(ClaimLedger ledger, ReentrantLock lock) {
        Guarded(ClaimLedger ledger) {
            this(ledger, new ReentrantLock());
        }

        void with(java.util.function.Consumer<ClaimLedger> use) {
            lock.lock();
            try {
                use.accept(ledger);
            } finally {
                lock.unlock();
            }
        }

        <T> T ask(java.util.function.Function<ClaimLedger, T> question) {
            lock.lock();
            try {
                return question.apply(ledger);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Begins to read both topics, which are created if they do not exist. */
    static ClaimView open(
            KafkaClients clients, TransactionAdmin admin, IdempotencySettings settings) {
        NewTopic claims = topic(settings.claimsTopic(), settings);
        NewTopic outcomes = topic(settings.outcomesTopic(), settings);
        int ofClaims = admin.ensureTopic(claims);
        int ofOutcomes = admin.ensureTopic(outcomes);
        int partitions = Math.max(ofClaims, ofOutcomes);
        if (ofClaims != ofOutcomes) {
            // One was deleted, and brokers that create topics made it as they make any.
            admin.adopt(ofClaims < partitions ? claims : outcomes, partitions);
        }
        return new ClaimView(clients, settings, partitions);
    }

    private static NewTopic topic(String name, IdempotencySettings settings) {
        Optional<Short> replicas =
                settings.replicationFactor() < 0
                        ? Optional.empty()
                        : Optional.of(settings.replicationFactor());
        long segmentMs = Math.max(settings.expiry().toMillis() / 2, 600_000);
        return new NewTopic(name, Optional.of(settings.partitions()), replicas)
                .configs(
                        Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_DELETE,
                                TopicConfig.RETENTION_MS_CONFIG,
                                Long.toString(settings.retentionMs()),
                                TopicConfig.RETENTION_BYTES_CONFIG,
                                "-1",
                                TopicConfig.SEGMENT_MS_CONFIG,
                                Long.toString(segmentMs),
                                // The brokers' clocks decide what is old, not the gateways'.
                                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                                "LogAppendTime"));
    }

    /** Whether what it reads was deleted, so that another view is needed. */
    boolean isLost() {
        return claims.isLost() || outcomes.isLost();
    }

    int partitionOf(Digest key) {
        return key.partition(ledgers.size());
    }

    Standing standing(Digest key) {
        return ledgers.get(partitionOf(key)).ask(ledger -> ledger.standing(key));
    }

    int size() {
        return ledgers.stream().mapToInt(guarded -> guarded.ask(ClaimLedger::size)).sum();
    }

    void awaitStart(Duration within) {
        claims.awaitStart(within);
        outcomes.awaitStart(within);
    }

    void awaitClaim(int partition, long offset, Duration within) {
        claims.await(partition, offset + 1, within);
    }

    void awaitOutcomes(int partition, long end, Duration within) {
        outcomes.await(partition, end, within);
    }

    /** Enters an outcome that this gateway has committed itself, sooner than it reads it. */
    void committed(Digest key, long claimOffset, long outcomeOffset) {
        ledgers.get(partitionOf(key))
                .with(ledger -> ledger.outcome(key, claimOffset, outcomeOffset));
    }

    @Override
    public void close() {
        claims.close();
        outcomes.close();
    }
}
