package io.fleuve.conformance.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * Asks for all events of a topic from its start and takes them slowly, or not at all, or is gone
 * with the connection reset; by turns. Nothing is checked here but that the gateway forgets it.
 */
final class VanishingVisitor implements Visitor {

    private static final Duration MEAN_STAY = Duration.ofSeconds(30);
    private static final int SMALL_BUFFER = 4_096;

    private final URI gateway;
    private final String topic;
    private final TroubleTally tally;
    private final Random random;

    VanishingVisitor(String url, String topic, TroubleTally tally, long seed) {
        this.gateway = URI.create(url);
        this.topic = topic;
        this.tally = tally;
        this.random = new Random(seed);
    }

    @Override
    public void visit(BooleanSupplier over) {
        while (!over.getAsBoolean()) {
            try (Socket socket = new Socket()) {
                socket.setReceiveBufferSize(SMALL_BUFFER);
                socket.setSoTimeout(200);
                socket.connect(new InetSocketAddress(gateway.getHost(), gateway.getPort()));
                socket.getOutputStream().write(request());
                stay(socket, over);
            } catch (IOException e) {
                tally.count(TroubleKind.EVENTS, "slow reader disconnected");
            }
        }
    }

    private byte[] request() {
        return """
        GET /topics/%s/events?from=start HTTP/1.1\r
        Host: %s\r
        Accept: text/event-stream\r
        \r
        """
                .formatted(topic, gateway.getAuthority())
                .getBytes(StandardCharsets.US_ASCII);
    }

    private void stay(Socket socket, BooleanSupplier over) throws IOException {
        switch (random.nextInt(3)) {
            case 0 -> {
                // Says nothing, takes nothing.
                Visitor.pause(MEAN_STAY, random, over);
                tally.count(TroubleKind.EVENTS, "reader that took nothing");
            }
            case 1 -> {
                takeSlowly(socket, over);
                tally.count(TroubleKind.EVENTS, "reader that took little");
            }
            default -> {
                Visitor.pause(MEAN_STAY.dividedBy(10), random, over);
                socket.setSoLinger(true, 0);
                tally.count(TroubleKind.EVENTS, "reader that reset");
            }
        }
    }

    private void takeSlowly(Socket socket, BooleanSupplier over) throws IOException {
        byte[] few = new byte[512];
        InputStream in = socket.getInputStream();
        for (int i = 0; i < 60 && !over.getAsBoolean(); i++) {
            try {
                if (in.read(few) < 0) {
                    throw new IOException("the gateway has closed");
                }
            } catch (java.net.SocketTimeoutException _) {
                // Nothing comes; as slow as it is, it does not mind.
            }
            Visitor.pause(Duration.ofMillis(500), random, over);
        }
    }
}
