package io.fleuve.conformance.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One kept-alive HTTP/1.1 connection to this machine that sends prepared bytes: the cost of a
 * request, and little of a client's. Knows answers with Content-Length and chunked ones.
 */
final class HttpConnection implements AutoCloseable {

    private static final int TIMEOUT_MS = 60_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    HttpConnection(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        in = new BufferedInputStream(socket.getInputStream(), 8192);
        out = socket.getOutputStream();
    }

    /** A request in the bytes of the wire. */
    static byte[] get(String path, String accept) {
        return "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: %s\r\n\r\n"
                .formatted(path, accept)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** A request in the bytes of the wire; the body is ASCII. */
    static byte[] post(String path, String contentType, String body) {
        return "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(path, contentType, body.length(), body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Sends a request and returns the body of its answer.
     *
     * @throws IOException if the connection breaks, or the status is not 200
     */
    String exchange(byte[] request) throws IOException {
        out.write(request);
        out.flush();
        Head head = head();
        String body = new String(body(head), StandardCharsets.UTF_8);
        if (head.status != 200) {
            throw new IOException("status " + head.status + ": " + body);
        }
        return body;
    }

    /** Sends a request whose answer does not end; {@link #line} reads on, chunk sizes included. */
    void open(byte[] request) throws IOException {
        out.write(request);
        out.flush();
        Head head = head();
        if (head.status != 200) {
            throw new IOException("status " + head.status);
        }
    }

    private record Head(int status, boolean chunked, int length) {}

    private Head head() throws IOException {
        int status = Integer.parseInt(line().substring(9, 12));
        boolean chunked = false;
        int length = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String field = line.toLowerCase(Locale.ROOT);
            if (field.startsWith("content-length:")) {
                length = Integer.parseInt(field.substring(15).strip());
            } else if (field.startsWith("transfer-encoding:")) {
                chunked = field.endsWith("chunked");
            }
        }
        return new Head(status, chunked, length);
    }

    private byte[] body(Head head) throws IOException {
        if (!head.chunked) {
            return exactly(head.length);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int size;
        do {
            size = Integer.parseInt(line(), 16);
            body.write(exactly(size));
            line();
        } while (size > 0);
        return body.toByteArray();
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the answer was cut off");
        }
        return bytes;
    }

    /** The next line without its end. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder(128);
        int next;
        while ((next = in.read()) != '\n') {
            if (next < 0) {
                throw new EOFException("the connection was closed");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
