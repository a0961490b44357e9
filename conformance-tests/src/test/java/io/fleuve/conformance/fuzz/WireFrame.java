package io.fleuve.conformance.fuzz;

import java.nio.ByteBuffer;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * What is sent for one request.
 *
 * @param declaredSize the size that goes before the bytes
 * @param bytes the bytes that follow
 */
record WireFrame(int declaredSize, byte[] bytes) {

    /** The least that the broker takes for a request. */
    static final int MIN_SIZE = 8;

    private static final Set<Short> WAITING =
            Set.of(ApiKeys.FETCH.id, ApiKeys.JOIN_GROUP.id, ApiKeys.SYNC_GROUP.id);

    static WireFrame of(byte[] bytes) {
        return new WireFrame(bytes.length, bytes);
    }

    /** Whether what follows on the connection is not read as the next request. */
    boolean isOutOfStep() {
        return declaredSize != bytes.length || bytes.length < MIN_SIZE;
    }

    /** Whether the answer may rightly take long. */
    boolean mayWait() {
        return bytes.length >= Short.BYTES && WAITING.contains(ByteBuffer.wrap(bytes).getShort());
    }

    void writeTo(ByteBuffer out) {
        out.putInt(declaredSize).put(bytes);
    }

    int size() {
        return Integer.BYTES + bytes.length;
    }
}
