package io.fleuve.broker.network;

import io.fleuve.broker.protocol.ApiTable;
import io.fleuve.broker.protocol.Listeners;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.network.ListenerName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kafka port, and a second one for clients from outside if there is to be one: accepts
 * connections and lets each be served by threads of its own.
 *
 * <p>{@link #close()} is graceful: it accepts and reads no more, lets requests in flight be
 * answered within {@link ServerSettings.Timeouts#shutdown()}, then closes what is left.
 */
public final class KafkaServer implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaServer.class);

    private static final long ACCEPT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ServerSettings settings;
    private final SharedParts shared;
    private final ServerMetrics metrics;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Map<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();
    private final AtomicLong accepted = new AtomicLong();
    private final @Nullable InetSocketAddress externalAddress;
    private volatile @Nullable ServerSocketChannel listener;
    private volatile @Nullable ServerSocketChannel external;
    private volatile boolean closed;

    /** A server with one port that is not started yet. */
    public KafkaServer(ServerSettings settings, ApiTable apis, MeterRegistry registry) {
        this(settings, null, apis, registry);
    }

    /**
     * A server that is not started yet.
     *
     * @param externalAddress the second address to listen on; its clients are told the external
     *     addresses of all brokers
     * @param apis what is served
     * @param registry where the server's meters go
     */
    public KafkaServer(
            ServerSettings settings,
            @Nullable InetSocketAddress externalAddress,
            ApiTable apis,
            MeterRegistry registry) {
        this.settings = settings;
        this.externalAddress = externalAddress;
        metrics = new ServerMetrics(registry);
        ByteBudget budget = new ByteBudget(settings.requests().maxQueuedBytes());
        shared =
                new SharedParts(
                        settings,
                        new RequestDispatcher(apis),
                        budget,
                        metrics,
                        new CutLog(System::nanoTime));
        metrics.watch("connections", "Open connections", connections, Set::size);
        metrics.watch(
                "requests.queued.bytes",
                "Bytes of requests that are read and not answered",
                budget,
                ByteBudget::takenBytes);
    }

    /**
     * Binds the port and begins to accept connections.
     *
     * @throws UncheckedIOException if the port cannot be bound
     */
    public synchronized void start() {
        if (listener != null || closed) {
            throw new IllegalStateException("the server was started or closed before");
        }
        InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
        ServerSocketChannel usual = bind(address);
        try {
            external = externalAddress == null ? null : bind(externalAddress);
        } catch (RuntimeException e) {
            closeQuietly(usual);
            throw e;
        }
        listener = usual;
        accept("kafka-acceptor", usual, Listeners.USUAL);
        if (external != null) {
            accept("kafka-external-acceptor", external, Listeners.EXTERNAL);
        }
        Thread.ofVirtual().name("kafka-timeouts").start(this::watchTimeouts);
    }

    private void accept(String thread, ServerSocketChannel channel, ListenerName name) {
        Thread.ofVirtual().name(thread).start(() -> accept(channel, name));
        LOGGER.atInfo()
                .addKeyValue("listener", name.value())
                .addKeyValue("host", channel.socket().getInetAddress().getHostAddress())
                .addKeyValue("port", channel.socket().getLocalPort())
                .log("Kafka port open");
    }

    private ServerSocketChannel bind(InetSocketAddress address) {
        ServerSocketChannel channel = null;
        try {
            channel = ServerSocketChannel.open();
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (settings.sockets().receiveBufferBytes() > 0) {
                // Set before binding, so that accepted sockets scale their windows to it.
                channel.setOption(
                        StandardSocketOptions.SO_RCVBUF, settings.sockets().receiveBufferBytes());
            }
            channel.bind(address, settings.sockets().backlog());
            return channel;
        } catch (IOException | RuntimeException e) {
            closeQuietly(channel);
            throw new UncheckedIOException(
                    "cannot listen on %s:%d for Kafka clients: %s"
                            .formatted(address.getHostString(), address.getPort(), e.getMessage()),
                    e instanceof IOException io ? io : new IOException(e));
        }
    }

    /**
     * The port that is listened on.
     *
     * @throws IllegalStateException if the server is not started
     */
    public int port() {
        return portOf(listener);
    }

    /**
     * The port that clients from outside connect to.
     *
     * @throws IllegalStateException if the server is not started, or has none
     */
    public int externalPort() {
        return portOf(external);
    }

    private static int portOf(@Nullable ServerSocketChannel channel) {
        if (channel == null) {
            throw new IllegalStateException("the server does not listen there, or is not started");
        }
        return channel.socket().getLocalPort();
    }

    /** Whether connections are accepted. */
    public boolean isOpen() {
        ServerSocketChannel channel = listener;
        return channel != null && channel.isOpen() && !closed;
    }

    private void accept(ServerSocketChannel channel, ListenerName name) {
        while (!closed) {
            try {
                admit(channel.accept(), name, accepted.getAndIncrement());
            } catch (ClosedChannelException _) {
                return;
            } catch (Throwable e) {
                // Errors, too: a port that is open and not served is worse than any of them.
                survive("a connection could not be accepted", e);
                // Out of file descriptors, most likely: asking again at once would only burn CPU.
                LockSupport.parkNanos(ACCEPT_PAUSE_NANOS);
            }
        }
    }

    /** Logs what a loop goes on after. Memory may be too short even for that: then it is silent. */
    private static void survive(String what, Throwable failure) {
        try {
            if (failure instanceof IOException) {
                LOGGER.atWarn().addKeyValue("reason", failure.toString()).log(what);
            } else {
                LOGGER.atError().setCause(failure).log(what);
            }
        } catch (Throwable _) {
            // Whoever called goes on.
        }
    }

    private void admit(SocketChannel socket, ListenerName name, long number) throws IOException {
        InetSocketAddress remote;
        InetSocketAddress local;
        try {
            remote = (InetSocketAddress) socket.getRemoteAddress();
            local = (InetSocketAddress) socket.getLocalAddress();
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            if (settings.sockets().sendBufferBytes() > 0) {
                socket.setOption(
                        StandardSocketOptions.SO_SNDBUF, settings.sockets().sendBufferBytes());
            }
        } catch (Throwable e) {
            closeQuietly(socket);
            throw e;
        }
        if (connections.size() >= settings.connections().max()) {
            reject(socket, remote, "total");
            return;
        }
        if (perAddress.merge(remote.getAddress(), 1, Integer::sum)
                > settings.connections().maxPerAddress()) {
            leave(remote.getAddress());
            reject(socket, remote, "address");
            return;
        }
        Connection connection;
        try {
            ClientSession session =
                    new ClientSession(connectionId(local, remote, number), remote, name);
            connection = new Connection(socket, session, shared, this::forget);
            connections.add(connection);
        } catch (Throwable e) {
            leave(remote.getAddress());
            closeQuietly(socket);
            throw e;
        }
        try {
            connection.start(number);
        } catch (Throwable e) {
            connection.close();
            throw e;
        }
        if (closed) {
            connection.drain();
        }
    }

    private static String connectionId(
            InetSocketAddress local, InetSocketAddress remote, long number) {
        return "%s:%d-%s:%d-%d"
                .formatted(
                        local.getAddress().getHostAddress(),
                        local.getPort(),
                        remote.getAddress().getHostAddress(),
                        remote.getPort(),
                        number);
    }

    private void reject(SocketChannel socket, InetSocketAddress remote, String bound) {
        closeQuietly(socket);
        metrics.connectionRejected(bound);
        LOGGER.atWarn()
                .addKeyValue("remote", remote)
                .addKeyValue("bound", bound)
                .log("connection refused: there are too many");
    }

    private void forget(Connection connection) {
        connections.remove(connection);
        leave(connection.session().address());
    }

    private void leave(InetAddress address) {
        perAddress.computeIfPresent(address, (_, count) -> count > 1 ? count - 1 : null);
    }

    private void watchTimeouts() {
        ServerSettings.Timeouts timeouts = settings.timeouts();
        long shortest =
                Math.min(
                        timeouts.idle().toMillis(),
                        Math.min(timeouts.frame().toMillis(), timeouts.write().toMillis()));
        Duration tick = Duration.ofMillis(Math.clamp(shortest / 4, 10, 1_000));
        while (!closed || !connections.isEmpty()) {
            LockSupport.parkNanos(tick.toNanos());
            long now = System.nanoTime();
            for (Connection connection : connections) {
                try {
                    connection.checkTimeouts(now);
                } catch (Throwable e) {
                    // It is looked at again at the next tick, and the others now.
                    survive("the time limits of a connection could not be checked", e);
                }
            }
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        closeQuietly(listener);
        closeQuietly(external);
        long deadline = System.nanoTime() + settings.timeouts().shutdown().toNanos();
        connections.forEach(Connection::drain);
        try {
            for (Connection connection : connections) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                connection.awaitGone(Math.max(0, left));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            connections.forEach(Connection::close);
        }
        LOGGER.atInfo().log("Kafka port closed");
    }

    private static void closeQuietly(@Nullable AutoCloseable channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (Exception e) {
            LOGGER.atDebug().setCause(e).log("a channel did not close cleanly");
        }
    }
}
