package io.fleuve.gateway.consumers;

import java.util.Map;

/**
 * A request as it can be sent on to another gateway.
 *
 * @param pathAndQuery as the client sent them, encoded
 * @param headers those that the answer depends on
 * @param forwarded whether it came from another gateway, and so must not be sent on
 */
public record HopRequest(
        String method,
        String pathAndQuery,
        Map<String, String> headers,
        @SuppressWarnings("ArrayRecordComponent") byte[] body, // never compared
        boolean forwarded) {

    /** Marks a request that another gateway has sent on. */
    public static final String HEADER = "Fleuve-Forwarded";

    /** Says in the answer to such a request which gateway answers. */
    public static final String GATEWAY_HEADER = "Fleuve-Gateway";
}
