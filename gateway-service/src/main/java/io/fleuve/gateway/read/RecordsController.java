package io.fleuve.gateway.read;

import io.fleuve.gateway.format.EmbeddedFormat;
import io.fleuve.gateway.kafka.PartitionReader;
import io.fleuve.gateway.kafka.PartitionReader.Query;
import io.fleuve.gateway.read.Records.BareRecord;
import io.fleuve.gateway.read.Records.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Reading records without a consumer instance, on Redpanda's path. */
@RestController
@Tag(name = "Stateless reads")
final class RecordsController {

    private static final String PATH = "/topics/{topic}/partitions/{partition}/records";
    private static final String KAFKA_JSON = "application/vnd.kafka.json.v2+json";
    private static final String KAFKA_BINARY = "application/vnd.kafka.binary.v2+json";

    private final PartitionReader reader;

    RecordsController(PartitionReader reader) {
        this.reader = reader;
    }

    @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "readPartition",
            summary = "Read records",
            description =
                    """
                    A bounded run of records of one partition. Nothing is remembered between requests: go on \
                    with `offset={next_offset}`, any number of times, through any gateway. A key or value that \
                    is not of the format asked for, or too large, is null and explained in the record's \
                    `errors`, with its bytes in base64 unless they are too many.

                    With `Accept: application/vnd.kafka.json.v2+json` or \
                    `application/vnd.kafka.binary.v2+json` the answer is Redpanda's: a bare array of records \
                    with topic, key, value, partition and offset.""")
    Page read(
            @PathVariable("topic") String topic,
            @PathVariable("partition") int partition,
            @Parameter(
                            description =
                                    "Where to begin: an offset, `earliest` (the default), `latest`, or a negative"
                                            + " number that counts from the end (-1 is the last record).",
                            example = "-10")
                    @RequestParam(name = "offset", required = false)
                    @Nullable String offset,
            @Parameter(
                            description =
                                    "Instead of an offset: begin at the first record that is not older. RFC 3339,"
                                            + " or milliseconds since 1970.",
                            example = "2024-05-01T13:00:00Z")
                    @RequestParam(name = "timestamp", required = false)
                    @Nullable String timestamp,
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
                                            allowableValues = {"json", "string", "binary"},
                                            defaultValue = "json"))
                    @RequestParam(name = "format", required = false)
                    @Nullable String format,
            @Parameter(
                            description = "How keys are shown.",
                            schema =
                                    @Schema(
                                            allowableValues = {"json", "string", "binary"},
                                            defaultValue = "string"))
                    @RequestParam(name = "key_format", required = false)
                    @Nullable String keyFormat) {
        ReadRequest request =
                new ReadRequest(
                        offset, timestamp, maxRecords, maxBytes, timeout, format, keyFormat);
        Formats formats = request.formats();
        Query query = request.toQuery(new TopicPartition(topic, partition), reader.limits());
        return Records.toPage(reader.read(query), formats, query.maxBytes());
    }

    @GetMapping(path = PATH, produces = KAFKA_JSON)
    @io.swagger.v3.oas.annotations.Hidden
    List<BareRecord> readBareJson(
            @PathVariable("topic") String topic,
            @PathVariable("partition") int partition,
            @RequestParam(name = "offset", required = false) @Nullable String offset,
            @RequestParam(name = "timestamp", required = false) @Nullable String timestamp,
            @RequestParam(name = "max_records", required = false) @Nullable String maxRecords,
            @RequestParam(name = "max_bytes", required = false) @Nullable String maxBytes,
            @RequestParam(name = "timeout", required = false) @Nullable String timeout) {
        return readBare(
                new TopicPartition(topic, partition),
                new ReadRequest(offset, timestamp, maxRecords, maxBytes, timeout, null, null),
                EmbeddedFormat.JSON);
    }

    @GetMapping(path = PATH, produces = KAFKA_BINARY)
    @io.swagger.v3.oas.annotations.Hidden
    List<BareRecord> readBareBinary(
            @PathVariable("topic") String topic,
            @PathVariable("partition") int partition,
            @RequestParam(name = "offset", required = false) @Nullable String offset,
            @RequestParam(name = "timestamp", required = false) @Nullable String timestamp,
            @RequestParam(name = "max_records", required = false) @Nullable String maxRecords,
            @RequestParam(name = "max_bytes", required = false) @Nullable String maxBytes,
            @RequestParam(name = "timeout", required = false) @Nullable String timeout) {
        return readBare(
                new TopicPartition(topic, partition),
                new ReadRequest(offset, timestamp, maxRecords, maxBytes, timeout, null, null),
                EmbeddedFormat.BINARY);
    }

    private List<BareRecord> readBare(
            TopicPartition partition, ReadRequest request, EmbeddedFormat format) {
        Query query = request.toQuery(partition, reader.limits());
        return Records.toBare(reader.read(query), Formats.both(format), query.maxBytes());
    }
}
