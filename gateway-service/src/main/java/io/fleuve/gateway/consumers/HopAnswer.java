package io.fleuve.gateway.consumers;

import java.util.Map;

/** An answer of another gateway, to be handed to the client as it is. */
public record HopAnswer(
        int status,
        Map<String, String> headers,
        @SuppressWarnings("ArrayRecordComponent") byte[] body) {} // never compared
