package io.fleuve.gateway.events;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Which records a reader wants: all conditions must hold.
 *
 * @param key the whole key, in UTF-8
 * @param keyPrefix what the key begins with
 * @param headers that the record must have
 * @param fields of its JSON value
 */
record RecordFilter(
        byte @Nullable [] key,
        byte @Nullable [] keyPrefix,
        List<HeaderCondition> headers,
        List<FieldFilter> fields) {

    private static final int MAX_CONDITIONS = 16;

    /**
     * A header that must be there.
     *
     * @param value that it must have, in UTF-8; null if any will do
     */
    record HeaderCondition(String name, byte @Nullable [] value) {

        static HeaderCondition parse(String text) {
            int equals = text.indexOf('=');
            String name = equals < 0 ? text : text.substring(0, equals);
            if (name.isEmpty()) {
                throw bad("header", text, "expected the name of a header at character 1");
            }
            return new HeaderCondition(
                    name,
                    equals < 0
                            ? null
                            : text.substring(equals + 1).getBytes(StandardCharsets.UTF_8));
        }

        boolean test(Iterable<Header> headers) {
            for (Header header : headers) {
                if (header.key().equals(name)
                        && (value == null || Arrays.equals(value, header.value()))) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * Reads the conditions as they came in the query.
     *
     * @throws RestException 400 saying which is wrong, and where
     */
    static RecordFilter parse(
            @Nullable String key,
            @Nullable String keyPrefix,
            List<String> headers,
            List<String> fields) {
        if (headers.size() + fields.size() > MAX_CONDITIONS) {
            throw new RestException(
                    RestError.badRequest(
                            "at most %d parameters header and filter are allowed, but there are %d."
                                    .formatted(MAX_CONDITIONS, headers.size() + fields.size())));
        }
        List<FieldFilter> parsed = new ArrayList<>();
        for (String field : fields) {
            try {
                parsed.add(FieldFilterParser.parse(field));
            } catch (IllegalArgumentException e) {
                throw bad("filter", field, String.valueOf(e.getMessage()));
            }
        }
        return new RecordFilter(
                bytes(key),
                bytes(keyPrefix),
                headers.stream().map(HeaderCondition::parse).toList(),
                List.copyOf(parsed));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static RestException bad(String parameter, String text, String reason) {
        String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
        return new RestException(
                RestError.badRequest(
                        "parameter %s cannot be read: %s of '%s'."
                                .formatted(parameter, reason, shown)));
    }

    /** Whether the reader wants this record. */
    boolean test(TailRecord record) {
        byte[] recordKey = record.record().key();
        return (key == null || Arrays.equals(key, recordKey))
                && (keyPrefix == null || startsWith(recordKey, keyPrefix))
                && headers.stream().allMatch(h -> h.test(record.record().headers()))
                && (fields.isEmpty() || testFields(record));
    }

    private boolean testFields(TailRecord record) {
        var value = record.json();
        return fields.stream().allMatch(field -> field.test(value));
    }

    private static boolean startsWith(byte @Nullable [] key, byte[] prefix) {
        return key != null
                && key.length >= prefix.length
                && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }
}
