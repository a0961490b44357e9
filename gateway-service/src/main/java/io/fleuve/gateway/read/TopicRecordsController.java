package io.fleuve.gateway.read;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.read.TopicRecords.Common;
import io.fleuve.gateway.read.TopicRecords.Forwards;
import io.fleuve.gateway.read.TopicRecords.Newest;
import io.fleuve.gateway.read.TopicRecords.TopicPage;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Reading several partitions of a topic at once, without a consumer instance. */
@RestController
@Tag(name = "Stateless reads")
final class TopicRecordsController {

    private final TopicRecords topicRecords;

    TopicRecordsController(TopicRecords topicRecords) {
        this.topicRecords = topicRecords;
    }

    @GetMapping(path = "/topics/{topic}/records", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "readTopic",
            summary = "Read records of several partitions",
            description =
                    """
                    A bounded run of records, oldest first; within a partition in the order of its offsets, \
                    and each partition with its share of the bounds. Go on with `from={next}`: nothing is \
                    remembered between requests.

                    With `newest=n` it is the last n records of these partitions together, newest first. Leaf \
                    back with `before={previous}` until there is no `previous`; `from={next}` reads what has \
                    come since.

                    A key or value that is not of the format asked for, or too large, is null and explained \
                    in the record's `errors`.""")
    TopicPage read(
            @PathVariable("topic") String topic,
            @Parameter(
                            description =
                                    "Which partitions to read; all of them unless it is said.",
                            example = "0,2")
                    @RequestParam(name = "partitions", required = false)
                    @Nullable String partitions,
            @Parameter(
                            description =
                                    "Where to begin: `start` (the default), `end`, a negative number of offsets"
                                            + " before the end of each partition, an RFC 3339 time or"
                                            + " milliseconds since 1970 for the first record that is not older,"
                                            + " or `partition:offset` pairs; partitions without a pair begin at"
                                            + " their end.",
                            example = "0:41,2:7")
                    @RequestParam(name = "from", required = false)
                    @Nullable String from,
            @Parameter(
                            description = "Instead: the last so many records, newest first.",
                            example = "20")
                    @RequestParam(name = "newest", required = false)
                    @Nullable String newest,
            @Parameter(
                            description =
                                    "With `newest`: only records before this; written as `from` is.",
                            example = "2024-05-01T13:00:00Z")
                    @RequestParam(name = "before", required = false)
                    @Nullable String before,
            @ReadParameters.MaxRecords @RequestParam(name = "max_records", required = false)
                    @Nullable String maxRecords,
            @ReadParameters.MaxBytes @RequestParam(name = "max_bytes", required = false)
                    @Nullable String maxBytes,
            @ReadParameters.Timeout @RequestParam(name = "timeout", required = false)
                    @Nullable String timeout,
            @Parameter(
                            description = "How values are shown.",
                            schema =
                                    @Schema(
                                            allowableValues = {"json", "string", "base64"},
                                            defaultValue = "json"))
                    @RequestParam(name = "format", required = false)
                    @Nullable String format,
            @Parameter(
                            description = "How keys are shown.",
                            schema =
                                    @Schema(
                                            allowableValues = {"json", "string", "base64"},
                                            defaultValue = "string"))
                    @RequestParam(name = "key_format", required = false)
                    @Nullable String keyFormat,
            @Parameter(
                            description =
                                    "Whether records of open and aborted transactions are hidden.",
                            schema =
                                    @Schema(
                                            allowableValues = {
                                                "read_committed",
                                                "read_uncommitted"
                                            },
                                            defaultValue = "read_committed"))
                    @RequestParam(name = "isolation", required = false)
                    @Nullable String isolation) {
        Common common = new Common(partitions, maxBytes, format, keyFormat, isolation);
        if (newest != null) {
            refuse("newest", "from", from);
            refuse("newest", "max_records", maxRecords);
            refuse("newest", "timeout", timeout);
            return topicRecords.readNewest(topic, new Newest(common, newest, before));
        }
        if (before != null) {
            throw new RestException(
                    RestError.badRequest("parameter before goes with newest: give both of them."));
        }
        return topicRecords.read(topic, new Forwards(common, from, maxRecords, timeout));
    }

    private static void refuse(String given, String name, @Nullable String value) {
        if (value != null) {
            throw new RestException(
                    RestError.badRequest(
                            "%s and %s exclude each other: give one of them."
                                    .formatted(given, name)));
        }
    }
}
