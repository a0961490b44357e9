package io.fleuve.gateway.format;

import tools.jackson.databind.JsonNode;

/** What came of showing bytes in a format. */
public sealed interface Decoded {

    /** The bytes are of the format. */
    record Value(JsonNode json) implements Decoded {}

    /** They are not: why, and the bytes as they are. */
    record Undecodable(String reason, byte[] bytes) implements Decoded {}
}
