package io.fleuve.broker.network;

import java.time.Duration;

/**
 * How the Kafka port listens, and every bound that it keeps.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 takes a free one
 * @param connections bounds on connections
 * @param requests bounds on requests and answers
 * @param timeouts limits of time
 * @param sockets options of the sockets
 */
public record ServerSettings(
        String host,
        int port,
        Connections connections,
        Requests requests,
        Timeouts timeouts,
        Sockets sockets) {

    public ServerSettings {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must not be blank");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be between 0 and 65535, not " + port);
        }
    }

    /** The defaults, at that address. */
    public static ServerSettings of(String host, int port) {
        return new ServerSettings(
                host,
                port,
                Connections.DEFAULTS,
                Requests.DEFAULTS,
                Timeouts.DEFAULTS,
                Sockets.DEFAULTS);
    }

    /**
     * Bounds on connections.
     *
     * @param max how many there may be at a time
     * @param maxPerAddress how many of them may come from one address
     */
    public record Connections(int max, int maxPerAddress) {

        /** Ten thousand, from wherever they come. */
        public static final Connections DEFAULTS = new Connections(10_000, 10_000);

        public Connections {
            atLeast(1, "connections.max", max);
            atLeast(1, "connections.max-per-address", maxPerAddress);
        }
    }

    /**
     * Bounds on requests and answers.
     *
     * @param maxFrameBytes largest request ({@code socket.request.max.bytes})
     * @param maxOtherFrameBytes largest request that is not a Produce: a parsed one takes many
     *     times the bytes that it came in, if it is made for that
     * @param maxInFlight requests of one connection that may wait for their answers; beyond that
     *     the connection is not read
     * @param maxQueuedBytes bytes of all requests that may wait for their answers, on all
     *     connections; beyond that no connection is read. Large ones that have not arrived yet hold
     *     half of it at most, so it must be at least twice the largest request
     * @param maxUnsentBytes bytes of finished answers that one connection may hold back by reading
     *     slowly; beyond that it is not read
     */
    public record Requests(
            int maxFrameBytes,
            int maxOtherFrameBytes,
            int maxInFlight,
            long maxQueuedBytes,
            long maxUnsentBytes) {

        /** Kafka's frame size; a quarter of a gigabyte in all. */
        public static final Requests DEFAULTS =
                new Requests(
                        100 * 1024 * 1024,
                        8 * 1024 * 1024,
                        64,
                        256L * 1024 * 1024,
                        16L * 1024 * 1024);

        public Requests {
            atLeast(64, "requests.max-frame-bytes", maxFrameBytes);
            atLeast(64, "requests.max-other-frame-bytes", maxOtherFrameBytes);
            atLeast(1, "requests.max-in-flight", maxInFlight);
            atLeast(1, "requests.max-unsent-bytes", maxUnsentBytes);
            if (maxQueuedBytes / 2 < maxFrameBytes) {
                throw new IllegalArgumentException(
                        "requests.max-queued-bytes (%d) must be at least twice requests.max-frame-bytes (%d)"
                                .formatted(maxQueuedBytes, maxFrameBytes));
            }
        }
    }

    /**
     * Limits of time.
     *
     * @param idle how long a connection may be silent while nothing is in flight ({@code
     *     connections.max.idle.ms})
     * @param frame how long a request may take to arrive once its first byte has
     * @param write how long a client may take nothing of an answer that is being sent
     * @param shutdown how long requests in flight may take when the server closes
     */
    public record Timeouts(Duration idle, Duration frame, Duration write, Duration shutdown) {

        /** Ten minutes idle, one to send a request, half of one to take an answer. */
        public static final Timeouts DEFAULTS =
                new Timeouts(
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10));

        public Timeouts {
            positive("timeouts.idle", idle);
            positive("timeouts.frame", frame);
            positive("timeouts.write", write);
            positive("timeouts.shutdown", shutdown);
        }
    }

    /**
     * Options of the sockets.
     *
     * @param backlog connections that the kernel may hold before they are accepted
     * @param sendBufferBytes {@code SO_SNDBUF}; 0 leaves it to the kernel
     * @param receiveBufferBytes {@code SO_RCVBUF}; 0 leaves it to the kernel
     */
    public record Sockets(int backlog, int sendBufferBytes, int receiveBufferBytes) {

        /** The kernel sizes the buffers. */
        public static final Sockets DEFAULTS = new Sockets(1_024, 0, 0);

        public Sockets {
            atLeast(1, "sockets.backlog", backlog);
            atLeast(0, "sockets.send-buffer-bytes", sendBufferBytes);
            atLeast(0, "sockets.receive-buffer-bytes", receiveBufferBytes);
        }
    }

    private static void atLeast(long least, String name, long value) {
        if (value < least) {
            throw new IllegalArgumentException(
                    name + " must be at least " + least + ", not " + value);
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " must be longer than zero, not " + value);
        }
    }
}
