package io.fleuve.conformance.fuzz;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ResponseHeader;

/**
 * One connection: all its frames in one write, then whatever the broker answers. Behind the frames
 * goes a request that is right; its answer tells that the broker has looked at all of them.
 */
final class FuzzConnection {

    /** Of the request that goes last. No frame is given this one. */
    private static final int LAST = -77_777_777;

    private static final int MAX_ANSWER = 128 << 20;

    /** How long answers that may rightly wait are waited for. */
    private static final Duration SHORT_PATIENCE = Duration.ofMillis(400);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How it ended. */
    enum Ending {
        /** The last request was answered. */
        ANSWERED,
        /** The broker closed the connection. */
        CLOSED,
        /** Something may rightly take long, and was not waited for. */
        LEFT_WAITING,
        /** The broker did neither answer nor close. That is a fault. */
        STALLED
    }

    private final InetSocketAddress broker;
    private final FuzzTally tally;
    private final String name;
    private final List<WireFrame> frames;
    private final boolean patient;
    private final Deque<RequestFrame> expected = new ArrayDeque<>();
    private boolean outOfStep;
    private int answered;

    /**
     * @param name what the connection is called in messages, so that it can be sent again
     * @param patient whether to wait even for what may rightly take long
     */
    FuzzConnection(
            InetSocketAddress broker,
            FuzzTally tally,
            String name,
            List<WireFrame> frames,
            boolean patient) {
        this.broker = broker;
        this.tally = tally;
        this.name = name;
        this.frames = frames;
        this.patient = patient;
    }

    /** Sends and reads; counts what comes of it. */
    Ending run() {
        ByteBuffer out = pipeline();
        boolean mayWait = frames.stream().anyMatch(WireFrame::mayWait) || outOfStep;
        Duration patience = mayWait && !outOfStep && !patient ? SHORT_PATIENCE : PATIENCE;
        Ending ending;
        try (Socket socket = new Socket()) {
            // Nothing is left behind in the kernel, however many connections there are.
            socket.setSoLinger(true, 0);
            socket.setTcpNoDelay(true);
            socket.connect(broker);
            socket.setSoTimeout((int) patience.toMillis());
            ending = exchange(socket, out);
        } catch (SocketTimeoutException _) {
            ending = patience == SHORT_PATIENCE ? Ending.LEFT_WAITING : Ending.STALLED;
        } catch (IOException _) {
            ending = Ending.CLOSED;
        }
        if (ending == Ending.STALLED) {
            tally.fault(name + ": neither answered nor closed in " + PATIENCE);
        }
        int looked = Math.min(frames.size(), answered + (ending == Ending.CLOSED ? 1 : 0));
        tally.connection(
                ending.name().toLowerCase(Locale.ROOT).replace('_', ' '), frames.size(), looked);
        return ending;
    }

    private ByteBuffer pipeline() {
        byte[] last =
                ByteBuffer.allocate(10)
                        .putShort(ApiKeys.API_VERSIONS.id)
                        .putShort((short) 0)
                        .putInt(LAST)
                        .putShort((short) -1)
                        .array();
        int size = 4 + last.length;
        for (WireFrame frame : frames) {
            size += frame.size();
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        for (WireFrame frame : frames) {
            frame.writeTo(out);
            outOfStep |= frame.isOutOfStep();
            expected.add(new RequestFrame(frame.bytes(), List.of()));
        }
        if (!outOfStep) {
            new WireFrame(last.length, last).writeTo(out);
        }
        return out.flip();
    }

    private Ending exchange(Socket socket, ByteBuffer out) throws IOException {
        socket.getOutputStream().write(out.array(), 0, out.limit());
        if (outOfStep) {
            // What the broker still waits for does not come.
            socket.shutdownOutput();
        }
        DataInputStream in =
                new DataInputStream(new BufferedInputStream(socket.getInputStream(), 16 << 10));
        while (true) {
            ByteBuffer answer;
            try {
                answer = read(in);
            } catch (EOFException _) {
                return Ending.CLOSED;
            }
            if (answer.getInt(0) == LAST) {
                answered = frames.size();
                return Ending.ANSWERED;
            }
            take(answer);
        }
    }

    private ByteBuffer read(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size < Integer.BYTES || size > MAX_ANSWER) {
            tally.fault(name + ": an answer of " + size + " bytes");
            throw new IOException("no answer");
        }
        byte[] bytes = new byte[size];
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private void take(ByteBuffer answer) {
        int correlationId = answer.getInt(0);
        while (!expected.isEmpty()) {
            // Those before it were not to be answered.
            RequestFrame request = expected.removeFirst();
            answered++;
            if (request.hasHeader() && request.correlationId() == correlationId) {
                judge(request, answer);
                return;
            }
        }
        if (!outOfStep) {
            tally.fault(name + ": an answer to nothing, correlation id " + correlationId);
        }
    }

    private void judge(RequestFrame request, ByteBuffer answer) {
        if (!ApiKeys.hasId(request.apiKey())) {
            tally.fault(name + ": an answer to API " + request.apiKey());
            return;
        }
        ApiKeys api = ApiKeys.forId(request.apiKey());
        short version = request.version();
        if (!api.isVersionSupported(version)) {
            if (api != ApiKeys.API_VERSIONS) {
                tally.fault(name + ": an answer to " + api + " v" + version);
                return;
            }
            version = 0;
        }
        try {
            ResponseHeader.parse(answer, api.responseHeaderVersion(version));
            AbstractResponse response =
                    AbstractResponse.parseResponse(api, new ByteBufferAccessor(answer), version);
            if (answer.hasRemaining()) {
                tally.fault(
                        "%s: %d bytes too many in the answer to %s v%d"
                                .formatted(name, answer.remaining(), api, version));
            }
            count(api, version, response);
        } catch (RuntimeException e) {
            tally.fault(
                    "%s: the answer to %s v%d cannot be read: %s".formatted(name, api, version, e));
        }
    }

    private void count(ApiKeys api, short version, AbstractResponse response) {
        Map<Errors, Integer> errors = new TreeMap<>(response.errorCounts());
        errors.remove(Errors.NONE);
        if (errors.containsKey(Errors.UNKNOWN_SERVER_ERROR)) {
            tally.fault("%s: UNKNOWN_SERVER_ERROR from %s v%d".formatted(name, api, version));
        }
        tally.answer(errors.isEmpty() ? "no error" : errors.keySet().iterator().next().name());
    }
}
