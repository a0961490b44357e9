package io.fleuve.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleuve.broker.log.TransactionEnd;
import io.fleuve.broker.testing.InMemoryClusterMetadata;
import io.fleuve.broker.testing.InMemoryPartitionLogs;
import io.fleuve.broker.testing.NoTransactions;
import io.fleuve.broker.transaction.TransactionState.Phase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What producers are answered while others change their transaction at the same time. */
class TransactionCoordinatorTest {

    private static final String ID = "transfers";
    private static final ProducerIdentity PRODUCER = new ProducerIdentity(7, (short) 3);
    private static final ProducerIdentity NEXT = new ProducerIdentity(7, (short) 4);
    private static final ProducerIdentity SUCCESSOR = new ProducerIdentity(7, (short) 5);

    private final InMemoryPartitionLogs logs = new InMemoryPartitionLogs(Clock.systemUTC());
    private final OneTransaction catalog = new OneTransaction();
    private final TransactionCoordinator coordinator =
            new TransactionCoordinator(
                    catalog,
                    logs,
                    new InMemoryClusterMetadata(logs),
                    (producer, commit, timestampMs) -> ByteBuffer.allocate(0),
                    () -> {},
                    new TransactionSettings(
                            Duration.ofMinutes(15), Duration.ofDays(7), Duration.ofSeconds(2)),
                    new SimpleMeterRegistry(),
                    Clock.systemUTC());

    @AfterEach
    void close() {
        logs.close();
    }

    @Test
    void aProducerIsNotGivenTheEpochOfASuccessorThatComesBetween() throws Exception {
        catalog.onEnd = () -> catalog.set(Phase.EMPTY, SUCCESSOR, ProducerIdentity.NONE);
        assertThat(coordinator.end(ID, PRODUCER, true, true)).isEqualTo(NEXT);
    }

    @Test
    void askingAgainGetsTheSameAnswer() throws Exception {
        assertThat(coordinator.end(ID, PRODUCER, true, true)).isEqualTo(NEXT);
        assertThat(coordinator.end(ID, PRODUCER, true, true)).isEqualTo(NEXT);
        assertThatThrownBy(() -> coordinator.end(ID, PRODUCER, false, true))
                .isInstanceOf(TransactionException.class)
                .extracting(e -> ((TransactionException) e).error())
                .isEqualTo(TransactionError.INVALID_STATE);
        assertThat(catalog.ends).isEqualTo(1);
    }

    @Test
    void anEndThatFindsTheTransactionChangedLooksAgain() throws Exception {
        catalog.refusals = 2;
        assertThat(coordinator.end(ID, PRODUCER, false, true)).isEqualTo(NEXT);
        assertThat(catalog.ends).isEqualTo(3);
    }

    @Test
    void theLastEpochIsFollowedByAnotherId() throws Exception {
        ProducerIdentity last = new ProducerIdentity(7, (short) (Short.MAX_VALUE - 1));
        catalog.set(Phase.ONGOING, last, ProducerIdentity.NONE);
        ProducerIdentity after = coordinator.end(ID, last, true, true);
        assertThat(after.id()).isNotEqualTo(last.id());
        assertThat(after.epoch()).isZero();
        assertThat(coordinator.end(ID, last, true, true)).isEqualTo(after);
    }

    /** One transaction without logs, which the catalog ends by itself. */
    private static final class OneTransaction extends NoTransactions {

        private TransactionState state = state(Phase.ONGOING, PRODUCER, ProducerIdentity.NONE);
        private Runnable onEnd = () -> {};
        private int refusals;
        private int ends;

        void set(Phase phase, ProducerIdentity producer, ProducerIdentity last) {
            state = state(phase, producer, last);
        }

        private static TransactionState state(
                Phase phase, ProducerIdentity producer, ProducerIdentity last) {
            return new TransactionState(
                    ID,
                    producer,
                    last,
                    1_000,
                    phase,
                    List.of(),
                    Optional.of(Instant.EPOCH),
                    Instant.EPOCH);
        }

        @Override
        public Optional<TransactionState> find(String id) {
            return Optional.of(state);
        }

        @Override
        public boolean end(TransactionEnd end) {
            ends++;
            if (refusals > 0) {
                refusals--;
                return false;
            }
            state =
                    state(
                            end.commit() ? Phase.COMMITTED : Phase.ABORTED,
                            new ProducerIdentity(end.nextProducerId(), end.nextEpoch()),
                            new ProducerIdentity(end.producerId(), end.epoch()));
            onEnd.run();
            return true;
        }
    }
}
