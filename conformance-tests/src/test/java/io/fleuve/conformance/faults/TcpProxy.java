package io.fleuve.conformance.faults;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between two parties on the loopback interface, and can be told to misbehave: to cut all
 * connections, to cut one in the middle of a message, to forward nothing while everything stays
 * open, as a broken network does, or to be gone like a host without power.
 */
public final class TcpProxy implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(TcpProxy.class);

    private static final int BUFFER = 64 << 10;
    private static final long NEVER = Long.MAX_VALUE;
    private static final int UNANSWERED_MS = 500;
    private static final int MOST_QUEUED = 16;

    private final ServerSocket listener;
    private final IntSupplier target;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final Object forwarding = new Object();
    private final List<Closeable> remains = new ArrayList<>();
    private boolean silent;
    private volatile long delayMs;

    /** Bytes that may still go back to those who have connected before their connection is cut. */
    private final AtomicLong untilCut = new AtomicLong(NEVER);

    /**
     * @param target the port that connections are forwarded to, asked for with each
     */
    TcpProxy(IntSupplier target) {
        this.target = target;
        try {
            listener = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    /** Where it listens, on the loopback interface. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Resets all connections. New ones are taken. */
    public void cut() {
        links.forEach(Link::reset);
    }

    /**
     * Resets the connection on which the answers of that many bytes have come back, after the last
     * of them: in the middle of an answer, most likely, or before it.
     */
    public void cutWithinAnswer(long bytes) {
        untilCut.set(bytes);
    }

    /** Forwards nothing any more, and closes nothing. */
    public void fallSilent() {
        synchronized (forwarding) {
            silent = true;
        }
    }

    /**
     * Resets all connections and answers nobody who tries for another: neither accepts nor refuses.
     * It stays so until it is closed.
     */
    public void vanish() throws IOException {
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
        listener.close();
        cut();
        // A listener that accepts nothing, whose queue is full: the system drops what else comes.
        remains.add(deafListener(address));
        for (int queued = 0; queued < MOST_QUEUED; queued++) {
            Socket filler = new Socket();
            remains.add(filler);
            try {
                filler.connect(address, UNANSWERED_MS);
            } catch (SocketTimeoutException _) {
                return;
            }
        }
        throw new IOException("the queue of port " + address.getPort() + " does not fill");
    }

    /** The one that accepted lets go of the port when its thread has noticed that it is closed. */
    private static ServerSocket deafListener(InetSocketAddress address) throws IOException {
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (true) {
            try {
                return new ServerSocket(address.getPort(), 1, address.getAddress());
            } catch (BindException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        }
    }

    /** Forwards each piece of what comes, of 64 KiB at most, that much later. */
    public void slowDown(Duration delay) {
        delayMs = delay.toMillis();
    }

    /** Forwards again at once, first of all what has come meanwhile. */
    public void resume() {
        untilCut.set(NEVER);
        delayMs = 0;
        synchronized (forwarding) {
            silent = false;
            forwarding.notifyAll();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    LOGGER.atError().setCause(e).log("a proxy takes no more connections");
                }
                return;
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        Link link = new Link(client, server);
        links.add(link);
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), target.getAsInt()));
        } catch (IOException _) {
            link.reset();
            return;
        }
        Thread.ofVirtual().start(() -> forward(link, client, server, false));
        Thread.ofVirtual().start(() -> forward(link, server, client, true));
    }

    private void forward(Link link, Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            while (true) {
                int read = in.read(buffer);
                awaitForwarding();
                if (read < 0) {
                    to.shutdownOutput();
                    link.ended();
                    return;
                }
                if (answers && cutsHere(read)) {
                    int left = (int) Math.clamp(untilCut.getAndSet(NEVER), 0, read);
                    out.write(buffer, 0, left);
                    link.reset();
                    return;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException _) {
            link.reset();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean cutsHere(int bytes) {
        long left = untilCut.get();
        if (left == NEVER) {
            return false;
        }
        return left <= bytes || untilCut.addAndGet(-bytes) <= 0;
    }

    private void awaitForwarding() throws InterruptedException {
        synchronized (forwarding) {
            long due = System.nanoTime() + Duration.ofMillis(delayMs).toNanos();
            long left = delayMs;
            // Until then, or until it is told to be slow no longer.
            while (left > 0 && delayMs > 0) {
                forwarding.wait(left);
                left = Duration.ofNanos(due - System.nanoTime()).toMillis();
            }
            while (silent) {
                forwarding.wait();
            }
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Closeable each : remains) {
                each.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        resume();
        cut();
    }

    private final class Link {

        private final Socket client;
        private final Socket server;
        private final AtomicInteger directionsEnded = new AtomicInteger();

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        /** One direction is over; with the second the connection is. */
        void ended() throws IOException {
            if (directionsEnded.incrementAndGet() == 2) {
                links.remove(this);
                client.close();
                server.close();
            }
        }

        void reset() {
            links.remove(this);
            for (Socket socket : new Socket[] {client, server}) {
                try {
                    socket.setSoLinger(true, 0);
                    socket.close();
                } catch (IOException _) {
                    // Closed already.
                }
            }
        }
    }
}
