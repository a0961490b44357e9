package io.fleuve.gateway.v3;

import io.fleuve.gateway.errors.ErrorCounter;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.RecordProducer;
import io.fleuve.gateway.produce.FiniteBody;
import io.fleuve.gateway.produce.FiniteProduce;
import io.fleuve.gateway.produce.Preferences;
import io.fleuve.gateway.produce.TraceHeaders;
import io.fleuve.gateway.v3.Resources.BatchAnswer;
import io.fleuve.gateway.v3.Resources.ProduceReceipt;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import tools.jackson.databind.json.JsonMapper;

/**
 * Producing, as a stream or as a batch. The cluster of the path is echoed, not checked, as
 * upstream.
 */
@V3Controller
@Tag(name = "v3: records")
final class ProduceController {

    private final RecordProducer producer;
    private final RecordStream stream;
    private final FiniteProduce finite;
    private final ErrorCounter errors;
    private final JsonMapper mapper;

    ProduceController(
            RecordProducer producer,
            RecordStream stream,
            FiniteProduce finite,
            ErrorCounter errors,
            JsonMapper mapper) {
        this.producer = producer;
        this.stream = stream;
        this.finite = finite;
        this.errors = errors;
        this.mapper = mapper;
    }

    @PostMapping(
            path = "/{cluster_id}/topics/{topic_name}/records",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Produce records",
            description =
                    """
                    The body is one record, or any number of records one after the other. For each there is \
                    a receipt in the answer, in the same order, separated by CR LF. The status is always 200 \
                    once the first record was readable: look at `error_code` of each receipt. With chunked \
                    transfer encoding the stream may stay open, and receipts arrive while it does. With an \
                    `Idempotency-Key` the body must end, and is read whole before anything is sent. With \
                    `Prefer: handling=strict` and a Content-Length, the failure of a lone record is the \
                    status of the answer.""",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    RecordRequest.Document.class))))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = ProduceReceipt.class)))
    @Nullable ResponseEntity<byte[]> produce(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        try (RecordProducer.Admission _ = producer.admit()) {
            // Whether a stream has but one record is known only at its end, which may be far off.
            boolean strict = Preferences.strict(request) && request.getContentLengthLong() >= 0;
            if (strict || FiniteProduce.hasKey(request)) {
                return produceWhole(clusterId, topicName, request, strict);
            }
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            InputStream body = request.getInputStream();
            TraceHeaders trace = TraceHeaders.of(request);
            if (!stream.serve(clusterId, topicName, trace, body, response.getOutputStream())) {
                response.reset();
                throw new RestException(
                        RestError.invalidPayload("Request body is empty. Data is required."));
            }
            return null;
        }
    }

    private ResponseEntity<byte[]> produceWhole(
            String clusterId, String topic, HttpServletRequest request, boolean strict)
            throws IOException {
        byte[] body = FiniteBody.read(request, producer.limits());
        RecordsBody records =
                new RecordsBody(
                        clusterId,
                        topic,
                        body,
                        strict,
                        TraceHeaders.of(request),
                        producer.limits().maxRecordsPerRequest(),
                        mapper);
        ResponseEntity<byte[]> answer = finite.carryOut(request, body, records);
        count(records.told());
        return answer;
    }

    private void count(List<RestError> told) {
        told.forEach(error -> errors.count("v3", error.errorCode()));
    }

    @PostMapping(
            path = "/{cluster_id}/topics/{topic_name}/records:batch",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Produce a batch of records",
            description =
                    """
                    Up to a configured number of entries, each with an id of 1 to 80 characters. The answer \
                    lists what succeeded and what failed, by id. With `"atomic": true` all of it becomes \
                    visible to read_committed consumers or none does; then entries may name topics of their \
                    own by `topic_name`, there may be as many as records in a v2 request, and a failure is \
                    the status of the answer, naming the entry.""",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    RecordRequest.BatchDocument
                                                                            .class))))
    @ApiResponse(
            responseCode = "207",
            content = @Content(schema = @Schema(implementation = BatchAnswer.class)))
    ResponseEntity<byte[]> produceBatch(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            HttpServletRequest request)
            throws IOException {
        try (RecordProducer.Admission _ = producer.admit()) {
            byte[] body = FiniteBody.read(request, producer.limits());
            BatchRequest batch =
                    new BatchRequest(
                            clusterId,
                            topicName,
                            body,
                            Preferences.strict(request),
                            TraceHeaders.of(request),
                            producer.limits(),
                            mapper);
            ResponseEntity<byte[]> answer = finite.carryOut(request, body, batch);
            count(batch.told());
            return answer;
        }
    }
}
