package io.fleuve.broker.network;

import static io.fleuve.broker.network.RawClient.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that announce large requests and do not send them. */
class StalledClientsTest {

    private static final int FRAME_BYTES = 1_024 * 1_024;
    private static final ServerSettings DEFAULTS = ServerSettings.of("127.0.0.1", 0);

    private final BrokerOnFakes broker =
            new BrokerOnFakes(
                    new ServerSettings(
                            DEFAULTS.host(),
                            0,
                            DEFAULTS.connections(),
                            new ServerSettings.Requests(
                                    FRAME_BYTES, FRAME_BYTES, 10, 2L * FRAME_BYTES, 100_000),
                            DEFAULTS.timeouts(),
                            DEFAULTS.sockets()));
    private final List<RawClient> stalled = new ArrayList<>();

    @BeforeEach
    void stall() throws Exception {
        for (int i = 0; i < 3; i++) {
            RawClient client = new RawClient(broker.server.port());
            stalled.add(client);
            client.send(ByteBuffer.allocate(4).putInt(FRAME_BYTES).array());
        }
        await().until(() -> queuedBytes() >= FRAME_BYTES);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (RawClient client : stalled) {
            client.close();
        }
        broker.close();
    }

    @Test
    void doNotKeepOrdinaryRequestsWaiting() throws Exception {
        await().during(Duration.ofMillis(200)).until(() -> queuedBytes() <= FRAME_BYTES);
        try (RawClient other = new RawClient(broker.server.port())) {
            for (int i = 0; i < 10; i++) {
                RequestHeader header = header(ApiKeys.METADATA, 12, i);
                other.send(header, new MetadataRequestData());
                other.receive(header, MetadataResponse.class);
            }
        }
    }

    @Test
    void giveTheirPlaceToOtherLargeRequestsWhenTheyAreGone() throws Exception {
        try (RawClient other = new RawClient(broker.server.port())) {
            RequestHeader header = header(ApiKeys.METADATA, 12, 1);
            // Twice: what a large request took while it arrived is there for the next.
            for (int i = 0; i < 2; i++) {
                other.send(header, largeRequest());
                for (RawClient client : stalled) {
                    client.close();
                }
                assertThat(other.receive(header, MetadataResponse.class).data().topics())
                        .hasSize(20);
            }
        }
        await().until(() -> queuedBytes() == 0);
    }

    /** More than a sixty-fourth of the budget. */
    private static MetadataRequestData largeRequest() {
        List<MetadataRequestTopic> topics = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            topics.add(new MetadataRequestTopic().setName(i + "-" + "x".repeat(30_000)));
        }
        return new MetadataRequestData().setTopics(topics).setAllowAutoTopicCreation(false);
    }

    private double queuedBytes() {
        return broker.meters.get("fleuve.kafka.requests.queued.bytes").gauge().value();
    }
}
