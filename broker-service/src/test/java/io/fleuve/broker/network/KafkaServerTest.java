package io.fleuve.broker.network;

import static io.fleuve.broker.network.RawClient.header;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fleuve.broker.protocol.Api;
import io.fleuve.broker.protocol.ApiTable;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaServerTest {

    private static final ServerSettings ANY_PORT = ServerSettings.of("127.0.0.1", 0);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<AutoCloseable> opened = new ArrayList<>();

    /** Heartbeats that wait for their answers, in the order in which they came. */
    private final Queue<CompletableFuture<HeartbeatResponse>> heartbeats =
            new ConcurrentLinkedQueue<>();

    private final AtomicReference<RequestContext> lastContext = new AtomicReference<>();

    @AfterEach
    void closeAll() throws Exception {
        heartbeats.forEach(it -> it.complete(answer(0)));
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void answersInTheOrderOfRequestsWhateverFinishesFirst() throws Exception {
        RawClient client = client(heartbeatServer(ANY_PORT));
        for (int i = 0; i < 3; i++) {
            client.send(header(ApiKeys.HEARTBEAT, 4, i), new HeartbeatRequestData());
        }
        List<CompletableFuture<HeartbeatResponse>> waiting = awaitHeartbeats(3);
        waiting.get(2).complete(answer(2));
        waiting.get(1).complete(answer(1));
        waiting.get(0).complete(answer(0));
        for (int i = 0; i < 3; i++) {
            HeartbeatResponse answer =
                    client.receive(header(ApiKeys.HEARTBEAT, 4, i), HeartbeatResponse.class);
            assertThat(answer.data().throttleTimeMs()).isEqualTo(i);
        }
    }

    @Test
    void readsNoMoreThanTheRequestsInFlightAllow() throws Exception {
        ServerSettings settings =
                requests(new ServerSettings.Requests(10_000, 10_000, 2, 100_000, 100_000));
        RawClient client = client(heartbeatServer(settings));
        for (int i = 0; i < 3; i++) {
            client.send(header(ApiKeys.HEARTBEAT, 4, i), new HeartbeatRequestData());
        }
        List<CompletableFuture<HeartbeatResponse>> waiting = awaitHeartbeats(2);
        await().during(Duration.ofMillis(200)).until(() -> heartbeats.size() == 2);
        waiting.get(0).complete(answer(0));
        client.receive(header(ApiKeys.HEARTBEAT, 4, 0), HeartbeatResponse.class);
        awaitHeartbeats(3);
    }

    @Test
    void takesLargeFramesOfProduceAlone() throws Exception {
        KafkaServer server =
                heartbeatServer(
                        requests(new ServerSettings.Requests(10_000, 100, 2, 100_000, 100_000)));
        RawClient large = client(server);
        large.send(ByteBuffer.allocate(6).putInt(101).putShort(ApiKeys.HEARTBEAT.id).array());
        assertThat(large.isClosedByServer()).isTrue();
        RawClient small = client(server);
        small.send(header(ApiKeys.HEARTBEAT, 4, 0), new HeartbeatRequestData());
        awaitHeartbeats(1).getFirst().complete(answer(0));
        small.receive(header(ApiKeys.HEARTBEAT, 4, 0), HeartbeatResponse.class);
        // A Produce of that size is waited for.
        RawClient producer = client(server);
        producer.send(ByteBuffer.allocate(6).putInt(10_001).putShort(ApiKeys.PRODUCE.id).array());
        assertThat(producer.isClosedByServer()).isTrue();
        FrameReader frames =
                new FrameReader(
                        Channels.newChannel(
                                new ByteArrayInputStream(
                                        ByteBuffer.allocate(6)
                                                .putInt(10_000)
                                                .putShort(ApiKeys.PRODUCE.id)
                                                .array())),
                        10_000,
                        100);
        assertThat(frames.readSize()).isEqualTo(10_000);
    }

    @Test
    void readsNoMoreThanTheBudgetOfBytesAllows() throws Exception {
        ServerSettings settings =
                requests(new ServerSettings.Requests(1_024, 1_024, 10, 2_048, 100_000));
        KafkaServer server = heartbeatServer(settings);
        RawClient hungry = client(server);
        hungry.send(header(ApiKeys.HEARTBEAT, 4, 0), new HeartbeatRequestData());
        hungry.send(header(ApiKeys.HEARTBEAT, 4, 1), new HeartbeatRequestData());
        List<CompletableFuture<HeartbeatResponse>> waiting = awaitHeartbeats(2);
        RawClient patient = client(server);
        patient.send(header(ApiKeys.HEARTBEAT, 4, 7), new HeartbeatRequestData());
        await().during(Duration.ofMillis(200)).until(() -> heartbeats.size() == 2);
        waiting.get(0).complete(answer(0));
        awaitHeartbeats(3).get(2).complete(answer(7));
        patient.receive(header(ApiKeys.HEARTBEAT, 4, 7), HeartbeatResponse.class);
    }

    @Test
    void failingHandlerGivesTheErrorAnswerOfTheApi() throws Exception {
        RawClient client = client(heartbeatServer(ANY_PORT));
        RequestHeader header = header(ApiKeys.HEARTBEAT, 4, 5);
        client.send(header, new HeartbeatRequestData());
        awaitHeartbeats(1).getFirst().completeExceptionally(new IllegalStateException("broken"));
        assertThat(client.receive(header, HeartbeatResponse.class).error())
                .isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
    }

    @Test
    void futureApiVersionsRequestGetsOurRangesInTheOldestForm() throws Exception {
        BrokerOnFakes broker = broker(ANY_PORT);
        RawClient client = client(broker.server);
        client.send(rawHeader(ApiKeys.API_VERSIONS, 99, 3, new byte[] {0, 1, 2, 3}));
        ApiVersionsResponse answer =
                client.receive(header(ApiKeys.API_VERSIONS, 0, 3), ApiVersionsResponse.class);
        assertThat(answer.data().errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
        assertThat(answer.apiVersion(ApiKeys.API_VERSIONS.id).maxVersion())
                .isEqualTo(ApiKeys.API_VERSIONS.latestVersion());
        assertThat(answer.apiVersion(ApiKeys.PRODUCE.id).minVersion()).isZero();
        // The connection is as good as before.
        RequestHeader known = header(ApiKeys.API_VERSIONS, 4, 4);
        client.send(known, software());
        assertThat(client.receive(known, ApiVersionsResponse.class).data().errorCode()).isZero();
    }

    @Test
    void remembersWhatTheClientSaysAboutItself() throws Exception {
        KafkaServer server =
                server(
                        ANY_PORT,
                        Api.of(
                                ApiKeys.API_VERSIONS,
                                ApiVersionsRequest.class,
                                (_, _) ->
                                        CompletableFuture.completedFuture(
                                                new ApiVersionsResponse(
                                                        new ApiVersionsResponseData()))),
                        heartbeatApi());
        RawClient client = client(server);
        client.send(header(ApiKeys.API_VERSIONS, 4, 0), software());
        client.receive();
        client.send(header(ApiKeys.HEARTBEAT, 4, 1), new HeartbeatRequestData());
        awaitHeartbeats(1);
        RequestContext context = requireNonNull(lastContext.get());
        assertThat(context.clientInformation.softwareName()).isEqualTo("fleuve-test");
        assertThat(context.principal().toString()).isEqualTo("User:ANONYMOUS");
        assertThat(context.listenerName()).isEqualTo("PLAINTEXT");
        assertThat(context.clientId()).isEqualTo("raw");
    }

    @Test
    void closesConnectionsWithBadFramesAndNoOthers() throws Exception {
        BrokerOnFakes broker = broker(ANY_PORT);
        RawClient good = client(broker.server);
        List<byte[]> bad =
                List.of(
                        size(-1),
                        size(0),
                        size(Integer.MAX_VALUE),
                        // A frame of zeros up to a header that ends too early.
                        ByteBuffer.allocate(12).putInt(8).putInt(0x0003_0009).array(),
                        // An API that nobody knows.
                        rawHeader(ApiKeys.METADATA, 9, 1, new byte[0], (short) 999),
                        // An API that exists, and is not served.
                        RawClient.frame(
                                header(ApiKeys.HEARTBEAT, 4, 1), new HeartbeatRequestData()),
                        // Versions that are not served.
                        rawHeader(ApiKeys.METADATA, 99, 1, new byte[16]),
                        rawHeader(ApiKeys.PRODUCE, 2, 1, new byte[16]),
                        // A body that is no Metadata request.
                        rawHeader(ApiKeys.METADATA, 9, 1, new byte[] {0, -1, -1, -1, -1, -1, -1}));
        for (byte[] bytes : bad) {
            RawClient client = client(broker.server);
            client.send(bytes);
            assertThat(client.isClosedByServer()).isTrue();
        }
        assertThat(cut(broker.meters, "malformed")).isEqualTo(bad.size());
        RequestHeader header = header(ApiKeys.METADATA, 13, 1);
        good.send(header, new MetadataRequestData());
        assertThat(good.receive(header, MetadataResponse.class).clusterId())
                .isEqualTo("in-memory-cluster");
    }

    @Test
    void truncatedFrameEndsQuietly() throws Exception {
        BrokerOnFakes broker = broker(ANY_PORT);
        RawClient client = client(broker.server);
        client.send(ByteBuffer.allocate(10).putInt(100).array());
        client.close();
        await().until(() -> cut(broker.meters, "truncated") == 1);
        await().until(() -> broker.meters.get("fleuve.kafka.connections").gauge().value() == 0);
        assertThat(broker.meters.get("fleuve.kafka.requests.queued.bytes").gauge().value())
                .isZero();
    }

    @Test
    void assemblesFramesThatComeByteByByte() throws Exception {
        BrokerOnFakes broker = broker(ANY_PORT);
        RawClient client = client(broker.server);
        RequestHeader header = header(ApiKeys.METADATA, 12, 9);
        byte[] twice =
                concat(
                        RawClient.frame(header, new MetadataRequestData()),
                        RawClient.frame(header, new MetadataRequestData()));
        for (byte each : twice) {
            client.send(new byte[] {each});
        }
        client.receive(header, MetadataResponse.class);
        client.receive(header, MetadataResponse.class);
    }

    @Test
    void unacknowledgedProduceIsNotAnsweredButInOrder() throws Exception {
        BrokerOnFakes broker = broker(ANY_PORT);
        RawClient client = client(broker.server);
        RequestHeader create = header(ApiKeys.METADATA, 8, 1);
        client.send(
                create,
                new MetadataRequestData()
                        .setTopics(List.of(new MetadataRequestTopic().setName("silent"))));
        client.receive(create, MetadataResponse.class);
        client.send(header(ApiKeys.PRODUCE, 9, 2), produce("silent", 0));
        RequestHeader loud = header(ApiKeys.PRODUCE, 9, 3);
        client.send(loud, produce("silent", -1));
        ProduceResponse answer = client.receive(loud, ProduceResponse.class);
        var partition = answer.data().responses().iterator().next().partitionResponses().getFirst();
        assertThat(partition.errorCode()).isZero();
        assertThat(partition.baseOffset()).isEqualTo(1);
    }

    @Test
    void failedUnacknowledgedProduceClosesTheConnection() throws Exception {
        BrokerOnFakes broker = broker(ANY_PORT);
        RawClient client = client(broker.server);
        client.send(header(ApiKeys.PRODUCE, 9, 2), produce("nowhere", 0));
        assertThat(client.isClosedByServer()).isTrue();
        assertThat(cut(broker.meters, "hang-up")).isEqualTo(1);
    }

    @Test
    void refusesConnectionsBeyondTheBounds() throws Exception {
        ServerSettings settings = connections(new ServerSettings.Connections(10, 2));
        KafkaServer server = heartbeatServer(settings);
        RawClient first = client(server);
        client(server);
        await().until(() -> meters.get("fleuve.kafka.connections").gauge().value() == 2);
        assertThat(client(server).isClosedByServer()).isTrue();
        first.close();
        await().until(() -> meters.get("fleuve.kafka.connections").gauge().value() == 1);
        RawClient next = client(server);
        next.send(header(ApiKeys.HEARTBEAT, 4, 1), new HeartbeatRequestData());
        awaitHeartbeats(1);
        assertThat(meters.get("fleuve.kafka.connections.rejected").counter().count()).isEqualTo(1);
    }

    @Test
    void closesIdleConnectionsButNotWaitingOnes() throws Exception {
        KafkaServer server =
                heartbeatServer(timeouts(Duration.ofMillis(200), Duration.ofMinutes(1)));
        RawClient waiting = client(server);
        waiting.send(header(ApiKeys.HEARTBEAT, 4, 1), new HeartbeatRequestData());
        CompletableFuture<HeartbeatResponse> heartbeat = awaitHeartbeats(1).getFirst();
        RawClient idle = client(server);
        assertThat(idle.isClosedByServer()).isTrue();
        heartbeat.complete(answer(3));
        waiting.receive(header(ApiKeys.HEARTBEAT, 4, 1), HeartbeatResponse.class);
    }

    @Test
    void closesConnectionsWhoseRequestDoesNotArrive() throws Exception {
        KafkaServer server =
                heartbeatServer(timeouts(Duration.ofMinutes(1), Duration.ofMillis(200)));
        RawClient slow = client(server);
        slow.send(ByteBuffer.allocate(10).putInt(100).array());
        assertThat(slow.isClosedByServer()).isTrue();
        assertThat(cut(meters, "slow-request")).isEqualTo(1);
    }

    @Test
    void closesConnectionsThatDoNotTakeTheirAnswers() throws Exception {
        ServerSettings.Timeouts some = ServerSettings.Timeouts.DEFAULTS;
        BrokerOnFakes broker =
                broker(
                        timeouts(
                                new ServerSettings.Timeouts(
                                        some.idle(),
                                        some.frame(),
                                        Duration.ofMillis(300),
                                        Duration.ofMillis(500))));
        RawClient client = client(broker.server);
        RequestHeader create = header(ApiKeys.METADATA, 8, 1);
        client.send(
                create,
                new MetadataRequestData()
                        .setTopics(List.of(new MetadataRequestTopic().setName("large"))));
        client.receive(create, MetadataResponse.class);
        for (int i = 0; i < 4; i++) {
            RequestHeader header = header(ApiKeys.PRODUCE, 9, i);
            client.send(header, produce("large", -1, new byte[1_000_000]));
            client.receive(header, ProduceResponse.class);
        }
        // More than the kernel's buffers hold, and nobody reads it.
        for (int i = 0; i < 10; i++) {
            client.send(header(ApiKeys.FETCH, 12, i), fetchAll("large"));
        }
        await().until(() -> cut(broker.meters, "slow-consumer") == 1);
        await().until(() -> broker.meters.get("fleuve.kafka.connections").gauge().value() == 0);
    }

    @Test
    void answersWhatIsInFlightBeforeItCloses() throws Exception {
        KafkaServer server = heartbeatServer(ANY_PORT);
        RawClient client = client(server);
        RequestHeader header = header(ApiKeys.HEARTBEAT, 4, 1);
        client.send(header, new HeartbeatRequestData());
        CompletableFuture<HeartbeatResponse> heartbeat = awaitHeartbeats(1).getFirst();
        Thread closing = Thread.ofVirtual().start(server::close);
        await().until(() -> !server.isOpen());
        assertThatThrownBy(() -> new RawClient(server.port())).isNotNull();
        heartbeat.complete(answer(9));
        assertThat(client.receive(header, HeartbeatResponse.class).throttleTimeMs()).isEqualTo(9);
        assertThat(client.isClosedByServer()).isTrue();
        closing.join();
    }

    @Test
    void doesNotWaitForeverWhenItCloses() throws Exception {
        ServerSettings.Timeouts some = ServerSettings.Timeouts.DEFAULTS;
        KafkaServer server =
                heartbeatServer(
                        timeouts(
                                new ServerSettings.Timeouts(
                                        some.idle(),
                                        some.frame(),
                                        some.write(),
                                        Duration.ofMillis(100))));
        RawClient client = client(server);
        client.send(header(ApiKeys.HEARTBEAT, 4, 1), new HeartbeatRequestData());
        awaitHeartbeats(1);
        server.close();
        assertThat(client.isClosedByServer()).isTrue();
    }

    @Test
    void acceptsConnectionsAfterAnError() throws Exception {
        KafkaServer server = heartbeatServer(connections(new ServerSettings.Connections(10, 1)));
        RawClient first = client(server);
        await().until(() -> meters.get("fleuve.kafka.connections").gauge().value() == 1);
        failOnceAtMeter("fleuve.kafka.connections.rejected");
        assertThat(client(server).isClosedByServer()).isTrue();
        first.close();
        await().until(() -> meters.get("fleuve.kafka.connections").gauge().value() == 0);
        RawClient next = client(server);
        next.send(header(ApiKeys.HEARTBEAT, 4, 1), new HeartbeatRequestData());
        awaitHeartbeats(1);
    }

    @Test
    void checksTimeLimitsAfterAnError() throws Exception {
        KafkaServer server =
                heartbeatServer(timeouts(Duration.ofMinutes(1), Duration.ofMillis(200)));
        failOnceAtMeter("fleuve.kafka.connections.cut");
        RawClient slow = client(server);
        slow.send(ByteBuffer.allocate(10).putInt(100).array());
        assertThat(slow.isClosedByServer()).isTrue();
        assertThat(cut(meters, "slow-request")).isEqualTo(1);
    }

    @Test
    void saysWhichPortItCannotBind() throws Exception {
        KafkaServer server = heartbeatServer(ANY_PORT);
        KafkaServer second =
                new KafkaServer(
                        ServerSettings.of("127.0.0.1", server.port()),
                        new ApiTable(List.of()),
                        meters);
        assertThatThrownBy(second::start)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("127.0.0.1:" + server.port());
    }

    @Test
    void settingsNameWhatIsWrong() {
        assertThatThrownBy(() -> new ServerSettings.Connections(0, 1))
                .hasMessageContaining("connections.max must be at least 1, not 0");
        assertThatThrownBy(() -> new ServerSettings.Requests(1_000, 1_000, 1, 1_999, 1))
                .hasMessageContaining("requests.max-queued-bytes (1999) must be at least twice");
    }

    // ---- what the tests are made of ----

    /** The next new meter of that name is an error, as if memory had run out just then. */
    private void failOnceAtMeter(String name) {
        AtomicBoolean failed = new AtomicBoolean();
        meters.config()
                .meterFilter(
                        MeterFilter.deny(
                                id -> {
                                    if (id.getName().equals(name)
                                            && failed.compareAndSet(false, true)) {
                                        throw new OutOfMemoryError("on purpose");
                                    }
                                    return false;
                                }));
    }

    private Api<?> heartbeatApi() {
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

    private KafkaServer heartbeatServer(ServerSettings settings) {
        return server(settings, heartbeatApi());
    }

    private KafkaServer server(ServerSettings settings, Api<?>... apis) {
        KafkaServer server = new KafkaServer(settings, new ApiTable(List.of(apis)), meters);
        server.start();
        opened.add(server);
        return server;
    }

    private BrokerOnFakes broker(ServerSettings settings) {
        BrokerOnFakes broker = new BrokerOnFakes(settings);
        opened.add(broker);
        return broker;
    }

    private RawClient client(KafkaServer server) throws Exception {
        RawClient client = new RawClient(server.port());
        opened.add(client);
        return client;
    }

    private List<CompletableFuture<HeartbeatResponse>> awaitHeartbeats(int count) {
        await().until(() -> heartbeats.size() >= count);
        return List.copyOf(heartbeats);
    }

    private static HeartbeatResponse answer(int mark) {
        return new HeartbeatResponse(new HeartbeatResponseData().setThrottleTimeMs(mark));
    }

    private static ApiVersionsRequestData software() {
        return new ApiVersionsRequestData()
                .setClientSoftwareName("fleuve-test")
                .setClientSoftwareVersion("1.0");
    }

    private static FetchRequestData fetchAll(String topic) {
        FetchTopic asked = new FetchTopic().setTopic(topic);
        asked.partitions()
                .add(new FetchPartition().setPartition(0).setPartitionMaxBytes(50_000_000));
        FetchRequestData request = new FetchRequestData().setMaxBytes(50_000_000);
        request.topics().add(asked);
        return request;
    }

    private static ProduceRequestData produce(String topic, int acks) {
        return produce(topic, acks, new byte[] {42});
    }

    private static ProduceRequestData produce(String topic, int acks, byte[] value) {
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

    private static byte[] size(int size) {
        return ByteBuffer.allocate(4).putInt(size).array();
    }

    private static byte[] rawHeader(ApiKeys api, int version, int correlation, byte[] body) {
        return rawHeader(api, version, correlation, body, api.id);
    }

    /** A header without client id and tags, written by hand. */
    private static byte[] rawHeader(
            ApiKeys api, int version, int correlation, byte[] body, short key) {
        int flexible = api.requestHeaderVersion((short) version) >= 2 ? 1 : 0;
        ByteBuffer frame = ByteBuffer.allocate(4 + 10 + flexible + body.length);
        frame.putInt(10 + flexible + body.length)
                .putShort(key)
                .putShort((short) version)
                .putInt(correlation)
                .putShort((short) -1);
        frame.position(frame.position() + flexible);
        return frame.put(body).array();
    }

    private static byte[] concat(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length).put(one).put(other).array();
    }

    private static double cut(SimpleMeterRegistry meters, String reason) {
        Counter counter =
                meters.find("fleuve.kafka.connections.cut").tag("reason", reason).counter();
        return counter == null ? 0 : counter.count();
    }

    private static ServerSettings requests(ServerSettings.Requests requests) {
        return new ServerSettings(
                ANY_PORT.host(),
                0,
                ANY_PORT.connections(),
                requests,
                ANY_PORT.timeouts(),
                ANY_PORT.sockets());
    }

    private static ServerSettings connections(ServerSettings.Connections connections) {
        return new ServerSettings(
                ANY_PORT.host(),
                0,
                connections,
                ANY_PORT.requests(),
                ANY_PORT.timeouts(),
                ANY_PORT.sockets());
    }

    private static ServerSettings timeouts(Duration idle, Duration frame) {
        return timeouts(
                new ServerSettings.Timeouts(
                        idle, frame, Duration.ofMinutes(1), Duration.ofMillis(500)));
    }

    private static ServerSettings timeouts(ServerSettings.Timeouts timeouts) {
        return new ServerSettings(
                ANY_PORT.host(),
                0,
                ANY_PORT.connections(),
                ANY_PORT.requests(),
                timeouts,
                ANY_PORT.sockets());
    }
}
