package io.fleuve.broker.network;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.common.network.Send;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: a virtual thread that reads requests and starts their answers, and one
 * that sends the answers in the order of the requests.
 *
 * <p>An answer that is ready at once, while nothing is in flight, is sent by the reader itself:
 * there is nobody to overtake, and a change of threads is saved. Limits of time are checked from
 * outside, by {@link #checkTimeouts}, for a blocking socket knows none.
 */
final class Connection {

    private static final Logger LOGGER = LoggerFactory.getLogger(Connection.class);

    /** No time is being measured. */
    private static final long OFF = Long.MIN_VALUE;

    private static final int MAX_ANSWERS_PER_WRITE = 16;

    private final SocketChannel socket;
    private final ClientSession session;
    private final ServerSettings settings;
    private final RequestDispatcher dispatcher;
    private final ByteBudget budget;
    private final ServerMetrics metrics;
    private final CutLog cuts;
    private final Consumer<Connection> onClosed;

    private final FrameReader frames;
    private final GatheringOutput output;
    private final ExchangeQueue queue;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch gone = new CountDownLatch(1);
    private volatile boolean draining;
    private volatile long lastActive = System.nanoTime();
    private volatile long frameStart = OFF;
    private volatile long writeProgress = OFF;

    Connection(
            SocketChannel socket,
            ClientSession session,
            SharedParts shared,
            Consumer<Connection> onClosed) {
        this.socket = socket;
        this.session = session;
        settings = shared.settings();
        dispatcher = shared.dispatcher();
        budget = shared.budget();
        metrics = shared.metrics();
        cuts = shared.cuts();
        this.onClosed = onClosed;
        frames =
                new FrameReader(
                        socket,
                        settings.requests().maxFrameBytes(),
                        settings.requests().maxOtherFrameBytes());
        output = new GatheringOutput(socket, () -> writeProgress = System.nanoTime());
        queue =
                new ExchangeQueue(
                        settings.requests().maxInFlight(), settings.requests().maxUnsentBytes());
    }

    void start(long number) {
        Thread.ofVirtual().name("kafka-reader-" + number).start(this::read);
        Thread.ofVirtual().name("kafka-writer-" + number).start(this::write);
    }

    ClientSession session() {
        return session;
    }

    // ---- reading ----

    private void read() {
        try {
            while (queue.awaitRoom() && !draining && frames.awaitFrame() && !draining) {
                readRequest();
            }
            endOfInput();
        } catch (MalformedRequestException e) {
            cut("malformed", e.api(), String.valueOf(e.getMessage()));
        } catch (EOFException e) {
            if (draining) {
                queue.end();
            } else {
                cut("truncated", "unknown", String.valueOf(e.getMessage()));
            }
        } catch (IOException e) {
            lost(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void endOfInput() {
        if (draining) {
            queue.end();
        } else {
            close();
        }
    }

    private void readRequest() throws IOException, InterruptedException, MalformedRequestException {
        frameStart = System.nanoTime();
        int size = frames.readSize();
        // Waiting for our own memory is not the client's fault.
        frameStart = OFF;
        int taken = budget.take(size, closed::get);
        if (taken == 0) {
            return;
        }
        Exchange exchange;
        try {
            ByteBuffer frame = readBody(size, taken);
            lastActive = System.nanoTime();
            exchange = dispatcher.dispatch(session, frame);
        } catch (Throwable e) {
            budget.giveBack(taken);
            throw e;
        }
        metrics.requestRead(size + Integer.BYTES);
        var _ =
                exchange.answer()
                        .whenComplete(
                                (_, _) -> {
                                    budget.giveBack(taken);
                                    metrics.requestDone();
                                });
        try {
            if (exchange.isAnswered() && queue.isEmpty()) {
                send(List.of(exchange));
                exchange.end();
            } else {
                queue.add(exchange);
            }
        } catch (Throwable e) {
            exchange.end();
            throw e;
        }
    }

    private ByteBuffer readBody(int size, int taken) throws IOException {
        try {
            frameStart = System.nanoTime();
            ByteBuffer frame = frames.readBody(size);
            frameStart = OFF;
            return frame;
        } finally {
            budget.arrived(taken);
        }
    }

    // ---- writing ----

    private void write() {
        try {
            while (true) {
                List<Exchange> answered = queue.awaitAnswered(MAX_ANSWERS_PER_WRITE);
                if (answered.isEmpty()) {
                    close();
                    return;
                }
                send(answered);
                queue.removeSent(answered);
            }
        } catch (IOException e) {
            lost(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void send(List<Exchange> answered) throws IOException {
        writeProgress = System.nanoTime();
        for (Exchange exchange : answered) {
            switch (exchange.answer().join()) {
                case Answer.Reply reply -> {
                    Send send = exchange.toSend(reply.response());
                    while (!send.completed()) {
                        send.writeTo(output);
                    }
                    metrics.answerSent(exchange, reply.response(), send.size());
                }
                case Answer.Silence _ -> metrics.answered(exchange);
                case Answer.HangUp hangUp -> {
                    output.flush();
                    cut("hang-up", exchange.context().header.apiKey().name, hangUp.reason());
                    return;
                }
            }
        }
        output.flush();
        writeProgress = OFF;
        lastActive = System.nanoTime();
    }

    // ---- the end ----

    /** Closes the connection if it has been slow or idle for too long. */
    void checkTimeouts(long nowNanos) {
        ServerSettings.Timeouts timeouts = settings.timeouts();
        long frame = frameStart;
        long write = writeProgress;
        if (frame != OFF && nowNanos - frame > timeouts.frame().toNanos()) {
            cut("slow-request", "unknown", "a request took too long to arrive");
        } else if (write != OFF && nowNanos - write > timeouts.write().toNanos()) {
            cut("slow-consumer", "unknown", "the client does not take its answers");
        } else if (nowNanos - lastActive > timeouts.idle().toNanos() && queue.isEmpty()) {
            LOGGER.atDebug().addKeyValue("remote", session.remote()).log("idle connection closed");
            metrics.connectionCut("idle");
            close();
        }
    }

    /** Reads no more, answers what is in flight, then closes. */
    void drain() {
        draining = true;
        try {
            socket.shutdownInput();
        } catch (IOException e) {
            close();
        }
    }

    void awaitGone(long timeoutMs) throws InterruptedException {
        if (!gone.await(timeoutMs, TimeUnit.MILLISECONDS)) {
            LOGGER.atWarn()
                    .addKeyValue("remote", session.remote())
                    .addKeyValue("inFlight", queue.size())
                    .log("connection closed before all its requests were answered");
            close();
        }
    }

    void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            socket.close();
        } catch (IOException e) {
            LOGGER.atDebug().setCause(e).log("a socket did not close cleanly");
        }
        queue.abort();
        onClosed.accept(this);
        gone.countDown();
    }

    private void cut(String kind, String api, String reason) {
        if (closed.get()) {
            return;
        }
        cuts.cut(session.remote(), api, reason);
        metrics.connectionCut(kind);
        close();
    }

    private void lost(IOException e) {
        if (!(e instanceof ClosedChannelException)) {
            LOGGER.atDebug()
                    .addKeyValue("remote", session.remote())
                    .addKeyValue("reason", e.getMessage())
                    .log("connection lost");
        }
        close();
    }

    private void failed(Throwable e) {
        LOGGER.atError()
                .setCause(e)
                .addKeyValue("remote", session.remote())
                .log("a connection failed unexpectedly");
        metrics.connectionCut("failure");
        close();
    }
}
