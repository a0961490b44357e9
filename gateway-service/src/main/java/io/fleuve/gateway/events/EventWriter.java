package io.fleuve.gateway.events;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Writes events as the HTML standard's "Server-sent events" frames them. An event without data is
 * not shown to a browser's listeners, yet its {@code id} is remembered: that is how a position
 * travels with a heartbeat.
 */
final class EventWriter {

    private static final byte[] ID = ascii("id: ");
    private static final byte[] DATA = ascii("data: ");
    private static final byte[] EVENT = ascii("event: ");
    private static final byte[] HEARTBEAT = ascii(": heartbeat\n");
    private static final byte[] RETRY = ascii("retry: ");
    private static final byte[] LINE = ascii("\n");

    private final OutputStream out;
    private final Duration slowAfter;
    private long lastWriteNanos = System.nanoTime();
    private boolean slow;

    /**
     * @param slowAfter how long the connection may take to accept what is written
     */
    EventWriter(OutputStream out, Duration slowAfter) {
        this.out = out;
        this.slowAfter = slowAfter;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    void open(Duration retry, String id) throws IOException {
        out.write(RETRY);
        out.write(ascii(Long.toString(retry.toMillis())));
        out.write(LINE);
        line(ID, ascii(id));
        finish();
    }

    /** A record, as an event without a name: browsers call it {@code message}. */
    void record(String id, byte[] json) throws IOException {
        event(null, id, json);
    }

    /** An event; {@code json} must be a single line. */
    void event(@Nullable String name, String id, byte[] json) throws IOException {
        long start = System.nanoTime();
        if (name != null) {
            line(EVENT, ascii(name));
        }
        line(ID, ascii(id));
        line(DATA, json);
        out.write(LINE);
        measure(start);
    }

    void heartbeat(String id) throws IOException {
        out.write(HEARTBEAT);
        line(ID, ascii(id));
        finish();
    }

    private void finish() throws IOException {
        out.write(LINE);
        flush();
    }

    void flush() throws IOException {
        long start = System.nanoTime();
        out.flush();
        measure(start);
    }

    private void line(byte[] field, byte[] value) throws IOException {
        out.write(field);
        out.write(value);
        out.write(LINE);
    }

    private void measure(long start) {
        lastWriteNanos = System.nanoTime();
        slow |= lastWriteNanos - start > slowAfter.toNanos();
    }

    /** Whether the connection once took longer than it may. */
    boolean isSlow() {
        return slow;
    }

    /** How long nothing has been written. */
    long silentNanos() {
        return System.nanoTime() - lastWriteNanos;
    }
}
