package io.fleuve.conformance.fuzz;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.ResponseHeader;

/** Asks a broker what it serves. */
final class ApiVersionsProbe {

    private ApiVersionsProbe() {}

    /** What it answers. */
    static List<ApiVersion> ask(InetSocketAddress broker) {
        try (Socket socket = new Socket()) {
            socket.connect(broker);
            socket.getOutputStream()
                    .write(
                            ByteBuffer.allocate(14)
                                    .putInt(10)
                                    .putShort(ApiKeys.API_VERSIONS.id)
                                    .putShort((short) 0)
                                    .putInt(1)
                                    .putShort((short) -1)
                                    .array());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readInt()];
            in.readFully(answer);
            ByteBuffer buffer = ByteBuffer.wrap(answer);
            ResponseHeader.parse(buffer, (short) 0);
            return new ArrayList<>(
                    ApiVersionsResponse.parse(new ByteBufferAccessor(buffer), (short) 0)
                            .data()
                            .apiKeys());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
