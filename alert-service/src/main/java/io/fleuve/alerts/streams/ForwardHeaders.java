package io.fleuve.alerts.streams;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The headers of records that this service forwards: where they stood, and what is wrong with dead
 * ones.
 */
final class ForwardHeaders {

    static final String SOURCE_TOPIC = "fleuve.source.topic";
    static final String SOURCE_PARTITION = "fleuve.source.partition";
    static final String SOURCE_OFFSET = "fleuve.source.offset";
    static final String REASON = "fleuve.error.reason";
    static final String DETAIL = "fleuve.error.detail";

    private ForwardHeaders() {}

    static void addSource(Headers headers, String topic, int partition, long offset) {
        put(headers, SOURCE_TOPIC, topic);
        put(headers, SOURCE_PARTITION, Integer.toString(partition));
        put(headers, SOURCE_OFFSET, Long.toString(offset));
    }

    static void put(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The origin of a forwarded reading, or nothing if the record was not forwarded by this
     * service.
     */
    static Optional<ReadingOrigin> originOf(Headers headers) {
        Header partition = headers.lastHeader(SOURCE_PARTITION);
        Header offset = headers.lastHeader(SOURCE_OFFSET);
        if (partition == null || offset == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new ReadingOrigin(
                            true, Integer.parseInt(text(partition)), Long.parseLong(text(offset))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String text(Header header) {
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}
