package io.fleuve.alerts.readings;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a record is in the eyes of CloudEvents 1.0 and its Kafka protocol binding: an event in
 * structured mode (content type {@code application/cloudevents+json}, all in the value), in binary
 * mode (attributes in headers {@code ce_…}, data in the value), or none.
 */
sealed interface CloudEvent {

    /** The record is no CloudEvent. */
    record None() implements CloudEvent {}

    /**
     * An event whose data is an object.
     *
     * @param time when it happened, if it says so
     * @param subject what it is about, if it says so
     */
    record Event(JsonNode data, @Nullable String time, @Nullable String subject)
            implements CloudEvent {}

    /** It claims to be one and is not. */
    record Broken(String detail) implements CloudEvent {}

    /** Looks at a record. */
    static CloudEvent of(HeaderLookup headers, byte[] value, JsonMapper json) {
        String contentType = text(headers.lastValue("content-type"));
        String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
        if (type.startsWith("application/cloudevents-batch")) {
            return new Broken("batches of CloudEvents are not read: send one event a record");
        }
        if (type.startsWith("application/cloudevents")) {
            if (!type.startsWith("application/cloudevents+json")) {
                return new Broken("CloudEvents are read in the JSON format alone");
            }
            return structured(value, json);
        }
        return headers.lastValue("ce_specversion") == null
                ? new None()
                : binary(headers, type, value, json);
    }

    private static CloudEvent structured(byte[] value, JsonMapper json) {
        JsonNode event;
        try {
            event = json.readTree(value);
        } catch (JacksonException e) {
            return new Broken("the value is not JSON, though its content type says so");
        }
        for (String attribute : new String[] {"specversion", "id", "source", "type"}) {
            if (event.path(attribute).asString("").isEmpty()) {
                return new Broken("the CloudEvent has no attribute " + attribute);
            }
        }
        if (!event.path("specversion").asString("").startsWith("1.")) {
            return new Broken("CloudEvents of version 1 are read");
        }
        JsonNode data = event.path("data");
        if (event.path("data_base64").isString()) {
            try {
                data =
                        json.readTree(
                                Base64.getDecoder()
                                        .decode(event.path("data_base64").stringValue()));
            } catch (IllegalArgumentException | JacksonException e) {
                return new Broken("the CloudEvent's data_base64 holds no JSON");
            }
        }
        return event(data, textOf(event.path("time")), textOf(event.path("subject")));
    }

    private static CloudEvent binary(
            HeaderLookup headers, String contentType, byte[] value, JsonMapper json) {
        for (String attribute : new String[] {"ce_specversion", "ce_id", "ce_source", "ce_type"}) {
            String given = text(headers.lastValue(attribute));
            if (given == null || given.isEmpty()) {
                return new Broken("the CloudEvent has no header " + attribute);
            }
        }
        String version = text(headers.lastValue("ce_specversion"));
        if (version == null || !version.startsWith("1.")) {
            return new Broken("CloudEvents of version 1 are read");
        }
        if (!contentType.isEmpty() && !contentType.contains("json")) {
            return new Broken("the CloudEvent's content type is not JSON");
        }
        try {
            return event(
                    json.readTree(value),
                    text(headers.lastValue("ce_time")),
                    text(headers.lastValue("ce_subject")));
        } catch (JacksonException e) {
            return new Broken("the CloudEvent's data is not JSON");
        }
    }

    private static CloudEvent event(
            JsonNode data, @Nullable String time, @Nullable String subject) {
        return data.isObject()
                ? new Event(data, time, subject)
                : new Broken("the CloudEvent's data is not a JSON object");
    }

    private static @Nullable String textOf(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }

    private static @Nullable String text(byte @Nullable [] value) {
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }
}
