package io.fleuve.broker.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.broker.metadata.NewTopic;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogCoordinatorLoaderTest {

    private static final TopicPartition SHARD = new TopicPartition(OffsetsTopic.NAME, 0);

    private final InMemoryBroker broker = new InMemoryCluster().addBroker(1);
    private final ShardTenures tenures = new ShardTenures();
    private final Queue<Tenure> failed = new ConcurrentLinkedQueue<>();
    private final LogCoordinatorLoader loader =
            new LogCoordinatorLoader(
                    broker,
                    tenures,
                    new GroupCoordinatorSettings.Loading(256, 1, Duration.ofMillis(10)),
                    Time.SYSTEM,
                    failed::add);

    @AfterEach
    void stop() throws InterruptedException {
        loader.close();
    }

    @Test
    void loadEndsWithWhateverErrorItsReadsEndWith() {
        broker.createTopic(new NewTopic(OffsetsTopic.NAME, 1, true, Map.of()));
        long logId =
                broker.current()
                        .topic(OffsetsTopic.NAME)
                        .orElseThrow()
                        .partitions()
                        .getFirst()
                        .logId();
        Tenure tenure = new Tenure(0, logId, 0);
        tenures.elect(tenure);
        Error failure = new StackOverflowError("on purpose");
        broker.readFailure(failure);

        assertThat(loader.load(SHARD, new Nothing()))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCause(failure);
        await().untilAsserted(() -> assertThat(failed).containsExactly(tenure));
    }

    /** A state machine that has no state. */
    private static final class Nothing implements CoordinatorPlayback<CoordinatorRecord> {

        @Override
        public void replay(
                long offset, long producerId, short producerEpoch, CoordinatorRecord record) {}

        @Override
        public void replayEndTransactionMarker(
                long producerId, short producerEpoch, TransactionResult result) {}

        @Override
        public void updateLastWrittenOffset(long offset) {}

        @Override
        public void updateLastCommittedOffset(long offset) {}
    }
}
