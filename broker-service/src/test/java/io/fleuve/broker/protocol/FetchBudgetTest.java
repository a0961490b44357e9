package io.fleuve.broker.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.broker.coordinator.GroupConfigs;
import io.fleuve.broker.coordinator.GroupCoordinatorSettings;
import io.fleuve.broker.log.Append;
import io.fleuve.broker.metadata.NewTopic;
import io.fleuve.broker.testing.InMemoryClusterMetadata;
import io.fleuve.broker.testing.InMemoryPartitionLogs;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FetchBudgetTest {

    private static final int VERSION = 12;
    private static final int PARTITIONS = 2;
    private static final int BATCHES = 6;
    private static final int BATCH_BYTES = batch().remaining();

    private final InMemoryPartitionLogs logs = new InMemoryPartitionLogs(Clock.systemUTC());
    private final InMemoryClusterMetadata metadata = new InMemoryClusterMetadata(logs);

    /** Room for five batches of the twelve that there are. */
    private final CoreApis apis =
            new CoreApis(
                    logs,
                    metadata,
                    new GroupConfigs(metadata, GroupCoordinatorSettings.defaults()),
                    new ProtocolSettings(
                            true,
                            1,
                            10,
                            1_000_000,
                            60_000,
                            10,
                            5L * BATCH_BYTES,
                            0,
                            1_000_000,
                            10,
                            Map.of(),
                            Map.of()),
                    Clock.systemUTC());

    private final ApiTable table = apis.tableWith(List.of());

    @BeforeEach
    void fill() {
        metadata.createTopic(new NewTopic("full", PARTITIONS, false, Map.of()));
        metadata.createTopic(new NewTopic("empty", PARTITIONS, false, Map.of()));
        metadata.current()
                .topic("full")
                .orElseThrow()
                .partitions()
                .forEach(
                        partition -> {
                            for (int i = 0; i < BATCHES; i++) {
                                logs.append(new Append(partition.logId(), batch(), 0, false, false))
                                        .join();
                            }
                        });
    }

    @AfterEach
    void close() {
        logs.close();
    }

    @Test
    void answersTogetherHoldTheBudgetAndOneBatchAConnection() {
        AbstractResponse first = fetch("a", "full", 0).join();
        assertThat(batchesIn(first)).isEqualTo(5);
        assertThat(apis.heldFetchBytes()).isEqualTo(5L * BATCH_BYTES);

        AbstractResponse other = fetch("b", "full", 0).join();
        AbstractResponse another = fetch("c", "full", 0).join();
        AbstractResponse secondOfOther = fetch("b", "full", 0).join();

        assertThat(batchesIn(other)).isEqualTo(1);
        assertThat(batchesIn(another)).isEqualTo(1);
        assertThat(batchesIn(secondOfOther)).isZero();
        assertThat(apis.heldFetchBytes()).isEqualTo(7L * BATCH_BYTES);
    }

    @Test
    void whatWasReleasedIsThereForOthersOnce() {
        AbstractResponse first = fetch("a", "full", 0).join();
        AbstractResponse other = fetch("b", "full", 0).join();
        release(first);
        release(first);
        release(other);
        assertThat(apis.heldFetchBytes()).isZero();

        assertThat(batchesIn(fetch("b", "full", 0).join())).isEqualTo(5);
        assertThat(batchesIn(fetch("b", "full", 0).join())).isEqualTo(1);
    }

    @Test
    void fetchThatFindsNothingHoldsNothing() {
        AbstractResponse nothing = fetch("a", "empty", 0).join();
        assertThat(batchesIn(nothing)).isZero();
        logs.setAvailable(false);
        AbstractResponse failed = fetch("a", "full", 0).join();
        assertThat(failed.errorCounts()).containsEntry(Errors.KAFKA_STORAGE_ERROR, PARTITIONS);
        assertThat(apis.heldFetchBytes()).isZero();
    }

    @Test
    void waitingFetchHoldsNothingAndIsAnsweredWithWhatIsThereInTheEnd() throws Exception {
        CompletableFuture<? extends AbstractResponse> waiting = fetch("a", "full", 300);
        assertThat(waiting).isNotDone();
        assertThat(apis.heldFetchBytes()).isLessThan(5L * BATCH_BYTES);
        AbstractResponse answer = waiting.get(10, TimeUnit.SECONDS);
        assertThat(batchesIn(answer)).isEqualTo(2);
        assertThat(apis.heldFetchBytes()).isEqualTo(2L * BATCH_BYTES);
        release(answer);
        assertThat(apis.heldFetchBytes()).isZero();
    }

    @Test
    void batchBeyondTheBudgetKeepsNoOtherBytesAlive() {
        fetch("a", "full", 0).join();
        AbstractResponse other = fetch("b", "full", 0).join();
        PartitionData found =
                ((FetchAnswer) other)
                        .data().responses().getFirst().partitions().stream()
                                .filter(it -> FetchResponse.recordsSize(it) > 0)
                                .findFirst()
                                .orElseThrow();
        MemoryRecords records = (MemoryRecords) found.records();
        assertThat(records.buffer().array()).hasSize(BATCH_BYTES);
    }

    private static void release(AbstractResponse answer) {
        assertThat(answer)
                .isInstanceOfSatisfying(RetainingResponse.class, RetainingResponse::release);
    }

    private static int batchesIn(AbstractResponse answer) {
        return ((FetchAnswer) answer)
                        .data().responses().stream()
                                .flatMap(topic -> topic.partitions().stream())
                                .mapToInt(FetchResponse::recordsSize)
                                .sum()
                / BATCH_BYTES;
    }

    private static ByteBuffer batch() {
        return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(1, new byte[1_000]))
                .buffer();
    }

    private CompletableFuture<? extends AbstractResponse> fetch(
            String connection, String topic, int maxWaitMs) {
        FetchTopic asked = new FetchTopic().setTopic(topic);
        for (int i = 0; i < PARTITIONS; i++) {
            asked.partitions()
                    .add(
                            new FetchPartition()
                                    .setPartition(i)
                                    // Those who wait have two batches, and want more.
                                    .setFetchOffset(
                                            maxWaitMs > 0 && topic.equals("full") ? BATCHES - 1 : 0)
                                    .setPartitionMaxBytes(1_000_000));
        }
        FetchRequestData data =
                new FetchRequestData()
                        .setMaxWaitMs(maxWaitMs)
                        .setMinBytes(1_000_000)
                        .setMaxBytes(1_000_000)
                        .setSessionEpoch(-1);
        data.topics().add(asked);
        RequestContext context =
                new RequestContext(
                        new RequestHeader(ApiKeys.FETCH, (short) VERSION, "test", 1),
                        connection,
                        InetAddress.getLoopbackAddress(),
                        KafkaPrincipal.ANONYMOUS,
                        new ListenerName("PLAINTEXT"),
                        SecurityProtocol.PLAINTEXT,
                        ClientInformation.EMPTY,
                        false);
        ByteBuffer wire = MessageUtil.toByteBufferAccessor(data, (short) VERSION).buffer();
        return table.find(ApiKeys.FETCH)
                .orElseThrow()
                .handle(context, context.parseRequest(wire).request);
    }
}
