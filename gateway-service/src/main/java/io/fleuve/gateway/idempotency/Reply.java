package io.fleuve.gateway.idempotency;

import java.util.Map;

/**
 * An answer that can be given again.
 *
 * @param status 200 to 299
 * @param headers its headers besides those that HTTP itself needs, Content-Type among them
 */
@SuppressWarnings("ArrayRecordComponent") // The bytes of a body, handed on as they are.
public record Reply(int status, Map<String, String> headers, byte[] body) {

    public Reply {
        headers = Map.copyOf(headers);
    }
}
