package io.fleuve.gateway.events;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.Isolation;
import io.fleuve.gateway.read.Formats;
import io.fleuve.gateway.read.Parameters;
import io.fleuve.gateway.read.StartFrom;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a reader of events asks for.
 *
 * @param partitions as they were listed; null for all, those included that the topic gets later
 * @param position from a former connection; it goes before {@code from}
 */
record EventsRequest(
        String topic,
        @Nullable String partitions,
        StartFrom from,
        @Nullable Position position,
        RecordFilter filter,
        Formats formats,
        Isolation isolation) {

    private static final String LAST_EVENT_ID = "Last-Event-ID";

    boolean allPartitions() {
        return partitions == null;
    }

    /**
     * Reads the query and the header {@code Last-Event-ID}.
     *
     * @throws RestException 400 saying what is wrong, and where
     */
    static EventsRequest of(String topic, HttpServletRequest request) {
        String from = request.getParameter("from");
        return new EventsRequest(
                topic,
                request.getParameter("partitions"),
                from == null ? new StartFrom.End() : StartFrom.parse(from),
                position(topic, request),
                RecordFilter.parse(
                        request.getParameter("key"),
                        request.getParameter("key_prefix"),
                        all(request, "header"),
                        all(request, "filter")),
                Formats.of(request.getParameter("key_format"), request.getParameter("format")),
                Parameters.isolation(request.getParameter("isolation"), Isolation.READ_COMMITTED));
    }

    // Not as a bound parameter: that would split a filter at its commas.
    private static List<String> all(HttpServletRequest request, String name) {
        String[] values = request.getParameterValues(name);
        return values == null ? List.of() : Arrays.asList(values);
    }

    private static @Nullable Position position(String topic, HttpServletRequest request) {
        String header = request.getHeader(LAST_EVENT_ID);
        String id =
                header == null || header.isBlank()
                        ? request.getParameter("last_event_id")
                        : header.strip();
        if (id == null || id.isBlank()) {
            return null;
        }
        Position position;
        try {
            position = Position.decode(id);
        } catch (IllegalArgumentException e) {
            throw new RestException(
                    RestError.badRequest(
                            "%s is not an id of these events: %s."
                                    .formatted(LAST_EVENT_ID, e.getMessage())));
        }
        if (!position.isOf(topic)) {
            throw new RestException(
                    RestError.badRequest(
                            "%s is a position in another topic than %s."
                                    .formatted(LAST_EVENT_ID, topic)));
        }
        return position;
    }
}
