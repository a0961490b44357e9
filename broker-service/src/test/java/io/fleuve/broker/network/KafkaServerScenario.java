package io.fleuve.broker.network;

import static org.awaitility.Awaitility.await;

import io.fleuve.broker.protocol.Api;
import io.fleuve.broker.protocol.ApiTable;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.junit.jupiter.api.AfterEach;

/** A server on a free port, whose heartbeats wait for the test, and clients of it. */
abstract class KafkaServerScenario {

    static final ServerSettings ANY_PORT = ServerSettings.of("127.0.0.1", 0);

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final List<AutoCloseable> opened = new ArrayList<>();

    /** Heartbeats that wait for their answers, in the order in which they came. */
    final Queue<CompletableFuture<HeartbeatResponse>> heartbeats = new ConcurrentLinkedQueue<>();

    final AtomicReference<RequestContext> lastContext = new AtomicReference<>();

    @AfterEach
    void closeAll() throws Exception {
        heartbeats.forEach(it -> it.complete(answer(0)));
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    Api<?> heartbeatApi() {
        return Api.of(
                ApiKeys.HEARTBEAT,
                HeartbeatRequest.class,
                (context, _) -> {
                    lastContext.set(context);
                    CompletableFuture<HeartbeatResponse> answer = new CompletableFuture<>();
                    heartbeats.add(answer);
                    return answer;
                });
    }

    KafkaServer heartbeatServer(ServerSettings settings) {
        return server(settings, heartbeatApi());
    }

    KafkaServer server(ServerSettings settings, Api<?>... apis) {
        KafkaServer server = new KafkaServer(settings, new ApiTable(List.of(apis)), meters);
        server.start();
        opened.add(server);
        return server;
    }

    BrokerOnFakes broker(ServerSettings settings) {
        BrokerOnFakes broker = new BrokerOnFakes(settings);
        opened.add(broker);
        return broker;
    }

    RawClient client(KafkaServer server) throws Exception {
        RawClient client = new RawClient(server.port());
        opened.add(client);
        return client;
    }

    List<CompletableFuture<HeartbeatResponse>> awaitHeartbeats(int count) {
        await().until(() -> heartbeats.size() >= count);
        return List.copyOf(heartbeats);
    }

    static HeartbeatResponse answer(int mark) {
        return new HeartbeatResponse(new HeartbeatResponseData().setThrottleTimeMs(mark));
    }

    static ProduceRequestData produce(String topic, int acks) {
        return produce(topic, acks, new byte[] {42});
    }

    static ProduceRequestData produce(String topic, int acks, byte[] value) {
        MemoryRecords records =
                MemoryRecords.withRecords(
                        Compression.NONE, new SimpleRecord(System.currentTimeMillis(), value));
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(
                new TopicProduceData()
                        .setName(topic)
                        .setPartitionData(
                                List.of(
                                        new PartitionProduceData()
                                                .setIndex(0)
                                                .setRecords(records))));
        return new ProduceRequestData()
                .setAcks((short) acks)
                .setTimeoutMs(1_000)
                .setTopicData(topics);
    }

    static double cut(SimpleMeterRegistry meters, String reason) {
        Counter counter =
                meters.find("fleuve.kafka.connections.cut").tag("reason", reason).counter();
        return counter == null ? 0 : counter.count();
    }

    static ServerSettings timeouts(Duration idle, Duration frame) {
        return timeouts(
                new ServerSettings.Timeouts(
                        idle, frame, Duration.ofMinutes(1), Duration.ofMillis(500)));
    }

    static ServerSettings timeouts(ServerSettings.Timeouts timeouts) {
        return new ServerSettings(
                ANY_PORT.host(),
                0,
                ANY_PORT.connections(),
                ANY_PORT.requests(),
                timeouts,
                ANY_PORT.sockets());
    }
}
