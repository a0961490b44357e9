package io.fleuve.broker.network;

import static io.fleuve.broker.network.RawClient.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.config.MeterFilter;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;

/** What a server takes of its clients, and how long it bears with them. */
class KafkaServerLimitsTest extends KafkaServerScenario {

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
    void settingsNameWhatIsWrong() {
        assertThatThrownBy(() -> new ServerSettings.Connections(0, 1))
                .hasMessageContaining("connections.max must be at least 1, not 0");
        assertThatThrownBy(() -> new ServerSettings.Requests(1_000, 1_000, 1, 1_999, 1))
                .hasMessageContaining("requests.max-queued-bytes (1999) must be at least twice");
    }

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

    private static FetchRequestData fetchAll(String topic) {
        FetchTopic asked = new FetchTopic().setTopic(topic);
        asked.partitions()
                .add(new FetchPartition().setPartition(0).setPartitionMaxBytes(50_000_000));
        FetchRequestData request = new FetchRequestData().setMaxBytes(50_000_000);
        request.topics().add(asked);
        return request;
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
}
