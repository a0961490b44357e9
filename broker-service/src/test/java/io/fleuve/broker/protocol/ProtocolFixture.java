package io.fleuve.broker.protocol;

import io.fleuve.broker.coordinator.GroupConfigs;
import io.fleuve.broker.coordinator.GroupCoordinatorSettings;
import io.fleuve.broker.testing.InMemoryClusterMetadata;
import io.fleuve.broker.testing.InMemoryPartitionLogs;
import io.fleuve.broker.testing.NoTransactions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.network.TransferableChannel;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * The handlers on logs and metadata in memory. Requests and answers go through their serialized
 * forms, so that a field that a version does not have is found out.
 */
final class ProtocolFixture implements AutoCloseable {

    static final long NOW = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

    static final String STORE = "/var/lib/fleuve/store";

    final Clock clock = Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC);
    final InMemoryPartitionLogs logs = new InMemoryPartitionLogs(clock);
    final InMemoryClusterMetadata metadata = new InMemoryClusterMetadata(logs);
    final ApiTable table;

    ProtocolFixture() {
        this(ProtocolSettings.DEFAULTS);
    }

    ProtocolFixture(ProtocolSettings settings) {
        table =
                new CoreApis(
                                logs,
                                metadata,
                                new GroupConfigs(metadata, GroupCoordinatorSettings.defaults()),
                                settings,
                                clock)
                        .tableWith(others());
    }

    private List<Api<?>> others() {
        List<Api<?>> apis = new ArrayList<>();
        apis.addAll(NoTransactions.apis(logs, metadata, clock));
        apis.addAll(InspectionApis.ofProducers(logs::producers, metadata));
        apis.addAll(InspectionApis.ofStore(STORE, logs::bytes, metadata));
        return apis;
    }

    /** Settings with finalized features and small limits. */
    static ProtocolSettings settings(boolean autoCreate, int fetchMaxBytes, int partitionLimit) {
        return new ProtocolSettings(
                autoCreate,
                2,
                20,
                fetchMaxBytes,
                100,
                10,
                1_000_000,
                100,
                1_000_000,
                partitionLimit,
                Map.of("retention.ms", "3600000"),
                Map.of("group.version", (short) 1));
    }

    <T extends AbstractResponse> T ask(ApiMessage data, int version, Class<T> type) {
        return ask(data, version, type, "test-client");
    }

    <T extends AbstractResponse> T ask(
            ApiMessage data, int version, Class<T> type, String clientId) {
        RequestHeader header =
                new RequestHeader(ApiKeys.forId(data.apiKey()), (short) version, clientId, 1);
        RequestContext context =
                new RequestContext(
                        header,
                        "1",
                        InetAddress.getLoopbackAddress(),
                        KafkaPrincipal.ANONYMOUS,
                        new ListenerName("PLAINTEXT"),
                        SecurityProtocol.PLAINTEXT,
                        ClientInformation.EMPTY,
                        false);
        ByteBuffer wire = MessageUtil.toByteBufferAccessor(data, (short) version).buffer();
        AbstractRequest request = context.parseRequest(wire).request;
        AbstractResponse answer =
                table.find(header.apiKey()).orElseThrow().handle(context, request).join();
        T received = type.cast(roundTrip(context, answer));
        if (answer instanceof RetainingResponse retaining) {
            retaining.release();
        }
        return received;
    }

    private static AbstractResponse roundTrip(RequestContext context, AbstractResponse answer) {
        Send send = context.buildResponseSend(answer);
        CollectingChannel channel = new CollectingChannel();
        try {
            while (!send.completed()) {
                send.writeTo(channel);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteBuffer wire = ByteBuffer.wrap(channel.bytes.toByteArray());
        if (wire.getInt() != wire.remaining()) {
            throw new AssertionError("the size of the frame is wrong");
        }
        return AbstractResponse.parseResponse(wire, context.header);
    }

    @Override
    public void close() {
        logs.close();
    }

    /** Keeps what is written, and takes no more than a few bytes at a time. */
    private static final class CollectingChannel implements TransferableChannel {

        private static final int MOST = 100;

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public int write(ByteBuffer buffer) {
            int count = Math.min(MOST, buffer.remaining());
            byte[] taken = new byte[count];
            buffer.get(taken);
            bytes.writeBytes(taken);
            return count;
        }

        @Override
        public long write(ByteBuffer[] buffers, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                if (buffers[i].hasRemaining()) {
                    return write(buffers[i]);
                }
            }
            return 0;
        }

        @Override
        public long write(ByteBuffer[] buffers) {
            return write(buffers, 0, buffers.length);
        }

        @Override
        public boolean hasPendingWrites() {
            return false;
        }

        @Override
        public long transferFrom(FileChannel file, long position, long count) {
            throw new UnsupportedOperationException("nothing is sent from files here");
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
