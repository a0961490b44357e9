package io.fleuve.broker.network;

import static io.fleuve.broker.network.RawClient.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.broker.log.Append;
import io.fleuve.broker.metadata.NewTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What all connections share is whole again, however they end. */
class SharedBudgetsTest {

    private static final int BATCHES = 8;
    private static final int VALUE_BYTES = 1_000_000;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void answersThatWereCutGiveTheirBytesBack() throws Exception {
        BrokerOnFakes broker = brokerWithRecords();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            RawClient client = client(broker.server);
            clients.add(client);
            if (i % 3 == 0) {
                // Its answers are ready before their turn comes, and never sent.
                client.send(header(ApiKeys.FETCH, 12, 0), fetch(BATCHES, 1, 500));
            } else if (i % 3 == 1) {
                // Not ready before the connection has gone, but with records.
                client.send(header(ApiKeys.FETCH, 12, 0), fetch(BATCHES - 1, 50_000_000, 500));
            }
            for (int correlation = 1; correlation < 4; correlation++) {
                client.send(header(ApiKeys.FETCH, 12, correlation), fetch(0, 1, 0));
            }
        }
        await().until(() -> broker.apis.heldFetchBytes() > 60_000_000);
        for (RawClient client : clients) {
            client.close();
        }
        await().until(() -> broker.meters.get("fleuve.kafka.connections").gauge().value() == 0);
        await().until(() -> broker.apis.heldFetchBytes() == 0);
        assertThat(received(broker, client(broker.server))).isGreaterThan(BATCHES * VALUE_BYTES);
    }

    @Test
    void answersThatWereTakenGiveTheirBytesBack() throws Exception {
        BrokerOnFakes broker = brokerWithRecords();
        RawClient client = client(broker.server);
        for (int i = 0; i < 10; i++) {
            assertThat(received(broker, client)).isGreaterThan(BATCHES * VALUE_BYTES);
        }
        await().until(() -> broker.apis.heldFetchBytes() == 0);
    }

    private static int received(BrokerOnFakes broker, RawClient client) throws Exception {
        RequestHeader header = header(ApiKeys.FETCH, 12, 9);
        client.send(header, fetch(0, 1, 0));
        return FetchResponse.recordsSize(
                client.receive(header, FetchResponse.class)
                        .data()
                        .responses()
                        .getFirst()
                        .partitions()
                        .getFirst());
    }

    private BrokerOnFakes brokerWithRecords() {
        BrokerOnFakes broker = new BrokerOnFakes();
        opened.add(broker);
        broker.metadata.createTopic(new NewTopic("large", 1, false, Map.of()));
        long logId =
                broker.metadata
                        .current()
                        .topic("large")
                        .orElseThrow()
                        .partitions()
                        .getFirst()
                        .logId();
        for (int i = 0; i < BATCHES; i++) {
            MemoryRecords batch =
                    MemoryRecords.withRecords(
                            Compression.NONE, new SimpleRecord(1, new byte[VALUE_BYTES]));
            broker.logs.append(new Append(logId, batch.buffer(), 0, false, false)).join();
        }
        return broker;
    }

    private RawClient client(KafkaServer server) throws Exception {
        RawClient client = new RawClient(server.port());
        opened.add(client);
        return client;
    }

    private static FetchRequestData fetch(long offset, int minBytes, int maxWaitMs) {
        FetchTopic asked = new FetchTopic().setTopic("large");
        asked.partitions()
                .add(
                        new FetchPartition()
                                .setPartition(0)
                                .setFetchOffset(offset)
                                .setPartitionMaxBytes(50_000_000));
        FetchRequestData request =
                new FetchRequestData()
                        .setMaxBytes(50_000_000)
                        .setMinBytes(minBytes)
                        .setMaxWaitMs(maxWaitMs);
        request.topics().add(asked);
        return request;
    }
}
