package io.fleuve.broker.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.broker.metadata.NewTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.FetchResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FetchApiTest extends RecordScenario {

    static IntStream fetchVersions() {
        return IntStream.rangeClosed(4, 18);
    }

    @ParameterizedTest
    @MethodSource("fetchVersions")
    void fetchesManyBatchesAtAllVersions(int version) {
        for (int i = 0; i < 5; i++) {
            produce(9, 0, records(2));
        }
        PartitionData answer = fetch(version, 0, 0);
        assertThat(answer.highWatermark()).isEqualTo(10);
        assertThat(answer.lastStableOffset()).isEqualTo(10);
        assertThat(answer.abortedTransactions()).isEmpty();
        assertThat(batches(answer))
                .extracting(RecordBatch::baseOffset)
                .containsExactly(0L, 2L, 4L, 6L, 8L);
        batches(answer).forEach(RecordBatch::ensureValid);
    }

    @Test
    void fetchWithinABatchReturnsAllOfIt() {
        produce(9, 0, records(5));
        assertThat(batches(fetch(12, 0, 3)).getFirst().baseOffset()).isZero();
    }

    @Test
    void fetchAtTheEndIsEmptyButKnowsTheOffsets() {
        produce(9, 0, records(5));
        PartitionData answer = fetch(12, 0, 5);
        assertThat(batches(answer)).isEmpty();
        assertThat(answer.lastStableOffset()).isEqualTo(5);
        assertThat(answer.logStartOffset()).isZero();
    }

    @Test
    void fetchOutOfRangeSaysSo() {
        produce(9, 0, records(5));
        broker.logs.setStart(logId(0), 2);
        assertThat(Errors.forCode(fetch(12, 0, 1).errorCode()))
                .isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(Errors.forCode(fetch(12, 0, 6).errorCode()))
                .isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(fetch(12, 0, 1).logStartOffset()).isEqualTo(2);
    }

    @Test
    void fetchReturnsOneBatchHoweverSmallTheLimitAndTakesTurns() {
        produce(9, 0, records(5));
        produce(9, 1, records(5));
        List<Integer> served = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            FetchRequestData request = fetchRequest(12, 0, 0).setMaxBytes(1);
            request.topics().getFirst().partitions().add(partition(1, 0));
            broker
                    .ask(request, 12, FetchResponse.class)
                    .data()
                    .responses()
                    .getFirst()
                    .partitions()
                    .stream()
                    .filter(it -> FetchResponse.recordsSize(it) > 0)
                    .forEach(it -> served.add(it.partitionIndex()));
        }
        assertThat(served).hasSize(4).contains(0, 1);
    }

    @Test
    void fetchWaitsForRecordsNoLongerThanItMay() {
        FetchRequestData request = fetchRequest(12, 0, 0).setMaxWaitMs(50).setMinBytes(1);
        long start = System.nanoTime();
        FetchResponse answer = broker.ask(request, 12, FetchResponse.class);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(45_000_000);
        assertThat(answer.data().responses().getFirst().partitions().getFirst().errorCode())
                .isZero();
    }

    @Test
    void fetchWaitsNoLongerThanTheBrokerAllows() {
        try (ProtocolFixture impatient =
                new ProtocolFixture(ProtocolFixture.settings(true, 1_000_000, 3))) {
            impatient.metadata.createTopic(new NewTopic("readings", 1, false, Map.of()));
            FetchRequestData request =
                    fetchRequest(12, 0, 0).setMaxWaitMs(Integer.MAX_VALUE).setMinBytes(1);
            FetchResponse answer =
                    CompletableFuture.supplyAsync(
                                    () -> impatient.ask(request, 12, FetchResponse.class))
                            .orTimeout(20, TimeUnit.SECONDS)
                            .join();
            assertThat(answer.error()).isEqualTo(Errors.NONE);
        }
    }

    @Test
    void fetchDoesNotWaitForBytesThatItsOwnLimitKeepsOut() {
        produce(9, 0, records(5));
        produce(9, 0, records(5));
        FetchRequestData request =
                fetchRequest(12, 0, 0).setMaxWaitMs(60_000).setMinBytes(10_000).setMaxBytes(200);
        PartitionData answer =
                CompletableFuture.supplyAsync(() -> broker.ask(request, 12, FetchResponse.class))
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join()
                        .data()
                        .responses()
                        .getFirst()
                        .partitions()
                        .getFirst();
        assertThat(batches(answer)).hasSize(1);
    }

    @Test
    void fetchIsAnsweredWhenRecordsArrive() {
        FetchRequestData request = fetchRequest(12, 0, 0).setMaxWaitMs(60_000).setMinBytes(1);
        CompletableFuture<FetchResponse> answer =
                CompletableFuture.supplyAsync(() -> broker.ask(request, 12, FetchResponse.class));
        produce(9, 0, records(1));
        PartitionData data =
                answer.orTimeout(20, TimeUnit.SECONDS)
                        .join()
                        .data()
                        .responses()
                        .getFirst()
                        .partitions()
                        .getFirst();
        assertThat(batches(data)).hasSize(1);
    }

    @Test
    void fetchComparesLeaderEpochs() {
        broker.metadata.bumpLeaderEpochs("readings");
        assertThat(fetchAtEpoch(1)).isEqualTo(Errors.FENCED_LEADER_EPOCH);
        assertThat(fetchAtEpoch(2)).isEqualTo(Errors.NONE);
        assertThat(fetchAtEpoch(3)).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
        broker.metadata.setLagging(true);
        broker.metadata.bumpLeaderEpochs("readings");
        assertThat(fetchAtEpoch(3)).isEqualTo(Errors.NONE);
    }

    @Test
    void fetchEchoesTheIdOfAnUnknownTopic() {
        Uuid id = Uuid.randomUuid();
        FetchRequestData request = fetchRequest(13, 0, 0);
        request.topics().getFirst().setTopicId(id);
        var answer = broker.ask(request, 13, FetchResponse.class).data().responses().getFirst();
        assertThat(answer.topicId()).isEqualTo(id);
        assertThat(Errors.forCode(answer.partitions().getFirst().errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void fetchOfASessionTellsWhatIsNew() {
        FetchRequestData begin = fetchRequest(12, 0, 0).setSessionEpoch(0);
        int session = broker.ask(begin, 12, FetchResponse.class).sessionId();
        FetchRequestData next = new FetchRequestData().setMaxBytes(1_000_000).setSessionId(session);
        assertThat(broker.ask(next.setSessionEpoch(1), 12, FetchResponse.class).data().responses())
                .isEmpty();
        produce(9, 0, records(2));
        FetchResponse told = broker.ask(next.setSessionEpoch(2), 12, FetchResponse.class);
        assertThat(told.sessionId()).isEqualTo(session);
        assertThat(batches(told.data().responses().getFirst().partitions().getFirst())).hasSize(1);
        FetchResponse refused = broker.ask(next.setSessionEpoch(9), 12, FetchResponse.class);
        assertThat(refused.error()).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
        assertThat(refused.sessionId()).isZero();
    }

    private Errors fetchAtEpoch(int epoch) {
        FetchRequestData request = fetchRequest(12, 0, 0);
        request.topics().getFirst().partitions().getFirst().setCurrentLeaderEpoch(epoch);
        return Errors.forCode(
                broker.ask(request, 12, FetchResponse.class)
                        .data()
                        .responses()
                        .getFirst()
                        .partitions()
                        .getFirst()
                        .errorCode());
    }
}
