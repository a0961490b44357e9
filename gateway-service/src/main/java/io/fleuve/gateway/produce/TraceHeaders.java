package io.fleuve.gateway.produce;

import io.fleuve.gateway.tracing.RequestSpan;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a request belongs to (W3C Trace Context), which its records go on with: {@code
 * traceparent} and {@code tracestate} become headers of each record that has no {@code traceparent}
 * of its own.
 */
public final class TraceHeaders {

    private static final String PARENT = "traceparent";
    private static final String STATE = "tracestate";
    // Of version ff there is none; all zeroes name nothing.
    private static final Pattern VALID =
            Pattern.compile(
                    "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");
    private static final int MAX_STATE_LENGTH = 4096;
    private static final TraceHeaders NONE = new TraceHeaders(null, null);

    private final byte @Nullable [] parent;
    private final byte @Nullable [] state;

    private TraceHeaders(@Nullable String parent, byte @Nullable [] state) {
        this.parent = parent == null ? null : parent.getBytes(StandardCharsets.US_ASCII);
        this.state = state;
    }

    /**
     * Those of a request: of the gateway's own span if it makes one, otherwise the caller's. A
     * malformed traceparent is ignored, as the specification has it.
     */
    public static TraceHeaders of(HttpServletRequest request) {
        TraceHeaders caller =
                of(request.getHeader(PARENT), Collections.list(request.getHeaders(STATE)));
        String own = RequestSpan.traceparent(request);
        return own == null ? caller : new TraceHeaders(own, caller.state);
    }

    static TraceHeaders of(@Nullable String parent, List<String> states) {
        if (parent == null || !VALID.matcher(parent).matches()) {
            return NONE;
        }
        String state = String.join(",", states);
        return new TraceHeaders(
                parent,
                state.isBlank() || state.length() > MAX_STATE_LENGTH
                        ? null
                        : state.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds them to a record that is not on a trace already. */
    public void addTo(ProducerRecord<byte[], byte[]> record) {
        if (parent == null || record.headers().lastHeader(PARENT) != null) {
            return;
        }
        record.headers().add(PARENT, parent);
        if (state != null && record.headers().lastHeader(STATE) == null) {
            record.headers().add(STATE, state);
        }
    }
}
