package io.fleuve.gateway.format;

import java.util.Base64;
import tools.jackson.databind.JsonNode;

/** What came of showing bytes in a format. */
public sealed interface Decoded {

    /** The bytes are of the format. */
    record Value(JsonNode json) implements Decoded {}

    /** They are not: why, how many they are, and what they are. */
    record Undecodable(String reason, int size, String base64) implements Decoded {

        static Undecodable of(String reason, byte[] bytes) {
            return new Undecodable(reason, bytes.length, Base64.getEncoder().encodeToString(bytes));
        }
    }
}
