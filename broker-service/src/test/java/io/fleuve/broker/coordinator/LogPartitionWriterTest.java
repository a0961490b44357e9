package io.fleuve.broker.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.broker.testing.NoTransactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader.LoadSummary;
import org.apache.kafka.storage.internals.log.VerificationGuard;
import org.junit.jupiter.api.Test;

class LogPartitionWriterTest {

    private static final int SHARD = 3;
    private static final long LOG = 30;
    private static final Duration SOON = Duration.ofSeconds(5);

    private final List<Long> joined = new ArrayList<>();
    private final ShardTenures tenures = new ShardTenures();
    private final LogPartitionWriter writer =
            new LogPartitionWriter(
                    new InMemoryCluster().addBroker(1),
                    tenures,
                    Map::of,
                    new ShardElections(new InMemoryCluster().addBroker(1), tenures),
                    new NoTransactions() {
                        @Override
                        public void join(
                                String transactionalId,
                                long producerId,
                                short producerEpoch,
                                long logId) {
                            joined.add(logId);
                        }
                    },
                    1_000);

    /** The operation that follows may find the shard loaded: it must not be let through before. */
    @Test
    void offsetsComeIntoATransactionOnlyWhereTheirLogHasJoinedIt() {
        assertThat(verified())
                .failsWithin(SOON)
                .withThrowableThat()
                .withCauseInstanceOf(NotLeaderOrFollowerException.class);

        tenures.elect(new Tenure(SHARD, LOG, 1));
        ShardLoad load = tenures.beginLoad(SHARD).orElseThrow();
        assertThat(verified())
                .failsWithin(SOON)
                .withThrowableThat()
                .withCauseInstanceOf(CoordinatorLoadInProgressException.class);
        assertThat(joined).isEmpty();

        load.complete(new LoadSummary(0, 0, 0, 0, 0));
        assertThat(verified()).succeedsWithin(SOON);
        assertThat(joined).containsExactly(LOG);
    }

    private CompletableFuture<VerificationGuard> verified() {
        return writer.maybeStartTransactionVerification(
                new TopicPartition("__consumer_offsets", SHARD), "copier", 7, (short) 0, 5);
    }
}
