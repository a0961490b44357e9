package io.fleuve.conformance.fuzz;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import org.apache.kafka.common.protocol.ApiKeys;

/** Connections that do less than they should, and wait for the broker to lose patience. */
enum Loiterer {
    /** Connects and says nothing. */
    SILENT {
        @Override
        void misbehave(OutputStream out) {}
    },
    /** Sends half of a request's size. */
    HALF_A_SIZE {
        @Override
        void misbehave(OutputStream out) throws IOException {
            out.write(new byte[] {0, 0});
        }
    },
    /** Announces a large request and sends a little of it. */
    HALF_A_REQUEST {
        @Override
        void misbehave(OutputStream out) throws IOException {
            out.write(ByteBuffer.allocate(40).putInt(8 << 20).putShort((short) 3).array());
        }
    },
    /** Asks and asks, and never takes an answer. */
    DEAF {
        @Override
        void misbehave(OutputStream out) throws IOException {
            ByteBuffer requests = ByteBuffer.allocate(14 * REQUESTS_A_WRITE);
            while (requests.hasRemaining()) {
                requests.putInt(10)
                        .putShort(ApiKeys.API_VERSIONS.id)
                        .putShort((short) 0)
                        .putInt(1)
                        .putShort((short) -1);
            }
            // Until the broker reads no more, and then until it closes.
            while (true) {
                out.write(requests.array());
            }
        }
    };

    private static final int REQUESTS_A_WRITE = 1_000;

    /** The broker's limits are seconds in these runs. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    abstract void misbehave(OutputStream out) throws IOException;

    /** Misbehaves once; returns when the broker has closed the connection. */
    void run(InetSocketAddress broker, FuzzTally tally) {
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4 << 10);
            socket.setSoLinger(true, 0);
            socket.connect(broker);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            misbehave(socket.getOutputStream());
            if (socket.getInputStream().read() >= 0) {
                tally.fault("a " + this + " connection was answered");
            }
        } catch (SocketTimeoutException _) {
            tally.fault("a " + this + " connection was left open for " + PATIENCE);
            return;
        } catch (IOException _) {
            // Reset: closed, too.
        }
        tally.loiterer(toString());
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
