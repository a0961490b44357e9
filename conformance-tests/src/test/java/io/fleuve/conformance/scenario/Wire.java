package io.fleuve.conformance.scenario;

import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * A connection that asks exactly what it is told, at the version that it is told: for what stock
 * clients do not ask, or not at all versions.
 */
final class Wire implements AutoCloseable {

    private static final int TIMEOUT_MS = 30_000;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<Errors> NOT_YET =
            EnumSet.of(
                    Errors.COORDINATOR_NOT_AVAILABLE,
                    Errors.COORDINATOR_LOAD_IN_PROGRESS,
                    Errors.NOT_COORDINATOR);

    private final Socket socket;
    private int correlationId;

    /**
     * @param bootstrapServers the address of a platform of one broker
     */
    Wire(String bootstrapServers) throws IOException {
        int colon = bootstrapServers.lastIndexOf(':');
        socket =
                new Socket(
                        bootstrapServers.substring(0, colon),
                        Integer.parseInt(bootstrapServers.substring(colon + 1)));
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
    }

    /**
     * Asks, and waits for the answer.
     *
     * @throws IOException if the connection is closed instead
     */
    <T extends AbstractResponse> T ask(ApiMessage request, int version, Class<T> type)
            throws IOException {
        RequestHeader header =
                new RequestHeader(
                        ApiKeys.forId(request.apiKey()),
                        (short) version,
                        "conformance",
                        ++correlationId);
        ByteBuffer head =
                MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion()).buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(request, (short) version).buffer();
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        ByteBuffer frame =
                ByteBuffer.allocate(Integer.BYTES + head.remaining() + body.remaining())
                        .putInt(head.remaining() + body.remaining())
                        .put(head)
                        .put(body);
        out.write(frame.array());
        out.flush();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] answer = new byte[in.readInt()];
        in.readFully(answer);
        return type.cast(AbstractResponse.parseResponse(ByteBuffer.wrap(answer), header));
    }

    /** As {@link #ask}, and again while the group's coordinator is not there yet. */
    <T extends AbstractResponse> T askCoordinator(
            String group, ApiMessage request, int version, Class<T> type) {
        return await().atMost(PATIENCE)
                .until(
                        () -> {
                            T answer = ask(request, version, type);
                            if (answer.errorCounts().keySet().stream()
                                    .anyMatch(NOT_YET::contains)) {
                                find(group);
                            }
                            return answer;
                        },
                        answer ->
                                answer.errorCounts().keySet().stream()
                                        .noneMatch(NOT_YET::contains));
    }

    /** Has the coordinator elected, if it is not yet. */
    private void find(String group) throws IOException {
        ask(
                new FindCoordinatorRequestData().setCoordinatorKeys(List.of(group)),
                ApiKeys.FIND_COORDINATOR.latestVersion(),
                FindCoordinatorResponse.class);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
