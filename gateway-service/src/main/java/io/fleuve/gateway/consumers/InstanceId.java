package io.fleuve.gateway.consumers;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What names a consumer instance in every path.
 *
 * @param group the consumer group
 * @param name unique within the group
 */
public record InstanceId(String group, String name) {

    /** The key of the instance's records: both parts, encoded so that the slash is unambiguous. */
    byte[] toKey() {
        return (URLEncoder.encode(group, StandardCharsets.UTF_8)
                        + "/"
                        + URLEncoder.encode(name, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The reverse of {@link #toKey()}; empty for bytes that are no such key. */
    static Optional<InstanceId> ofKey(byte[] key) {
        String text = new String(key, StandardCharsets.UTF_8);
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new InstanceId(
                            URLDecoder.decode(text.substring(0, slash), StandardCharsets.UTF_8),
                            URLDecoder.decode(text.substring(slash + 1), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
