package io.fleuve.broker.network;

import static io.fleuve.broker.network.RawClient.header;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fleuve.broker.protocol.Api;
import io.fleuve.broker.protocol.ApiTable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;

class KafkaServerTest extends KafkaServerScenario {

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

    // ---- what the tests are made of ----

    private static ApiVersionsRequestData software() {
        return new ApiVersionsRequestData()
                .setClientSoftwareName("fleuve-test")
                .setClientSoftwareVersion("1.0");
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
}
