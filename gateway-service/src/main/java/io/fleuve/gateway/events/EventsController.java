package io.fleuve.gateway.events;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.OutputStream;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * Server-sent events on a topic. A request keeps its virtual thread for as long as it lasts, so
 * that a reader is a plain loop.
 */
@RestController
@Tag(name = "Events")
final class EventsController {

    private static final String SUMMARY = "Follow a topic as server-sent events";
    private static final String DESCRIPTION =
            """
            The records of a topic as server-sent events, as they come; in a browser \
            `new EventSource(url).onmessage`. The data of an event is a record as stateless reads show it.

            The `id` of each event is the position in all partitions. Sent back in `Last-Event-ID`, which \
            browsers do by themselves, or as `last_event_id`, the events go on without loss or repetition, \
            also where filters hold records back: the position travels with heartbeats too.

            Filters are evaluated here, and all must hold. A `filter` compares a field of a JSON value: \
            `celsius>=30`, `region!=dakar`, `$.tags contains coast`, `readings[0]["unit"]="C"`; with `=`, `!=`, \
            `<`, `<=`, `>`, `>=` or `contains`. What is no JSON number, boolean, null or quoted string is a text as \
            it stands; numbers compare with numbers and texts with texts. A value that is not JSON fulfils none.

            Other events: `gap` (records were deleted before they could be sent), `notice` with the code \
            `unavailable` or `available` (the brokers went away and came back; it goes on by itself), `reset` (the topic \
            was deleted and created again: its records follow from the start), and `end` with the reason \
            `slow_reader`, `topic_deleted`, `shutdown` or `failed`, after which the connection is closed.""";

    private final EventStreams streams;
    private final ClusterAdmin admin;

    EventsController(EventStreams streams, ClusterAdmin admin) {
        this.streams = streams;
        this.admin = admin;
    }

    /** The parameters of events, which {@link EventsRequest} reads. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @Parameter(
            in = ParameterIn.QUERY,
            name = "from",
            description =
                    "Where to begin: `end` (the default), `start`, a negative number of offsets before the end of"
                            + " each partition, an RFC 3339 time or milliseconds since 1970, or `partition:offset`"
                            + " pairs; partitions without a pair begin at their end.",
            schema = @Schema(type = "string", defaultValue = "end"),
            example = "2024-05-01T13:00:00Z")
    @Parameter(
            in = ParameterIn.QUERY,
            name = "partitions",
            description = "Which partitions; all of them, later ones too, unless it is said.",
            schema = @Schema(type = "string"),
            example = "0,2")
    @Parameter(
            in = ParameterIn.QUERY,
            name = "key",
            description = "Only records with this key.",
            schema = @Schema(type = "string"),
            example = "dakar")
    @Parameter(
            in = ParameterIn.QUERY,
            name = "key_prefix",
            description = "Only records whose key begins so.",
            schema = @Schema(type = "string"),
            example = "da")
    @Parameter(
            in = ParameterIn.QUERY,
            name = "header",
            description = "Only records with this header, or with `name=value`; may be repeated.",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "filter",
            description = "A condition on a field of the JSON value; may be repeated.",
            array = @ArraySchema(schema = @Schema(type = "string", example = "celsius>=30")))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "format",
            description = "How values are shown; one that does not fit is null, with an error.",
            schema =
                    @Schema(
                            type = "string",
                            allowableValues = {"json", "string", "base64"},
                            defaultValue = "json"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "key_format",
            description = "How keys are shown.",
            schema =
                    @Schema(
                            type = "string",
                            allowableValues = {"json", "string", "base64"},
                            defaultValue = "string"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "isolation",
            description = "Whether records of open and aborted transactions are hidden.",
            schema =
                    @Schema(
                            type = "string",
                            allowableValues = {"read_committed", "read_uncommitted"},
                            defaultValue = "read_committed"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "last_event_id",
            description = "The same as the header, for clients that cannot set it.",
            schema = @Schema(type = "string"))
    @Parameter(
            in = ParameterIn.HEADER,
            name = "Last-Event-ID",
            description = "The `id` of the last event that was seen; it goes before `from`.",
            schema = @Schema(type = "string"))
    @ApiResponse(
            responseCode = "200",
            description = "Events, until either side ends them.",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(type = "string")))
    @interface Documented {}

    @GetMapping(path = "/topics/{topic}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(operationId = "topicEvents", summary = SUMMARY, description = DESCRIPTION)
    @Documented
    void events(
            @PathVariable("topic") String topic,
            HttpServletRequest request,
            HttpServletResponse response) {
        serve(topic, request, response);
    }

    @GetMapping(
            path = {
                "/v3/clusters/{cluster_id}/topics/{topic_name}/events",
                "/kafka/v3/clusters/{cluster_id}/topics/{topic_name}/events"
            },
            produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(operationId = "clusterTopicEvents", summary = SUMMARY, description = DESCRIPTION)
    @Documented
    void events(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topic,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (!admin.describeCluster().id().equals(clusterId)) {
            throw new RestException(
                    RestError.notFound("Cluster %s cannot be found.".formatted(clusterId)));
        }
        serve(topic, request, response);
    }

    private void serve(String topic, HttpServletRequest request, HttpServletResponse response) {
        EventsRequest parsed = EventsRequest.of(topic, request);
        streams.serve(
                parsed,
                () -> {
                    begin(response);
                    return "HEAD".equals(request.getMethod())
                            ? refuseToFollow()
                            : response.getOutputStream();
                });
    }

    private static void begin(HttpServletResponse response) {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setCharacterEncoding("UTF-8");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        // Some proxies collect an answer before they pass it on, unless they are asked not to.
        response.setHeader("X-Accel-Buffering", "no");
    }

    // Who asks for the head alone would otherwise wait for an end that does not come.
    private static OutputStream refuseToFollow() throws java.io.IOException {
        throw new java.io.EOFException("only the head was asked for");
    }
}
