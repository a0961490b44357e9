package io.fleuve.gateway.v3;

import io.fleuve.gateway.errors.ErrorCounter;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.BoundedInputStream;
import io.fleuve.gateway.format.JsonFields;
import io.fleuve.gateway.format.LosslessJson;
import io.fleuve.gateway.kafka.RecordProducer;
import io.fleuve.gateway.v3.Resources.BatchAnswer;
import io.fleuve.gateway.v3.Resources.BatchFailure;
import io.fleuve.gateway.v3.Resources.BatchSuccess;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Producing, as a stream or as a batch. The cluster of the path is echoed, not checked, as
 * upstream.
 */
@V3Controller
@Tag(name = "v3: records")
final class ProduceController {

    private static final int MAX_ID_LENGTH = 80;

    private final RecordProducer producer;
    private final RecordStream stream;
    private final ErrorCounter errors;

    ProduceController(RecordProducer producer, RecordStream stream, ErrorCounter errors) {
        this.producer = producer;
        this.stream = stream;
        this.errors = errors;
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
                    transfer encoding the stream may stay open, and receipts arrive while it does.""",
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
    void produce(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        try (RecordProducer.Admission _ = producer.admit()) {
            InputStream body = request.getInputStream();
            if (!stream.serve(clusterId, topicName, body, response.getOutputStream())) {
                response.reset();
                throw new RestException(
                        RestError.invalidPayload("Request body is empty. Data is required."));
            }
        }
    }

    @PostMapping(
            path = "/{cluster_id}/topics/{topic_name}/records:batch",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.MULTI_STATUS)
    @Operation(
            summary = "Produce a batch of records",
            description =
                    "Up to a configured number of entries, each with an id of 1 to 80 characters. The answer"
                            + " lists what succeeded and what failed, by id.",
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
    BatchAnswer produceBatch(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            HttpServletRequest request)
            throws IOException {
        try (RecordProducer.Admission _ = producer.admit()) {
            List<Entry> entries = readEntries(request);
            entries.forEach(entry -> entry.send(topicName));
            List<BatchSuccess> successes = new ArrayList<>();
            List<BatchFailure> failures = new ArrayList<>();
            for (Entry entry : entries) {
                entry.report(clusterId, topicName, successes, failures);
            }
            return new BatchAnswer(successes, failures);
        }
    }

    private List<Entry> readEntries(HttpServletRequest request) throws IOException {
        JsonNode root = readBatch(request);
        List<Entry> entries = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (JsonNode node : JsonFields.of(root, "request", Set.of("entries")).array("entries")) {
            String id = node.path("id").isString() ? node.path("id").stringValue() : "";
            if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
                throw invalid("Batch entry identifier is not a valid string.");
            }
            if (!ids.add(id)) {
                throw invalid("Batch entry IDs are not distinct.");
            }
            entries.add(new Entry(id, node));
        }
        if (entries.isEmpty()) {
            throw invalid("Empty batch.");
        }
        if (entries.size() > producer.limits().maxBatchEntries()) {
            throw invalid("Too many entries in batch.");
        }
        return entries;
    }

    private JsonNode readBatch(HttpServletRequest request) throws IOException {
        try {
            JsonNode root =
                    LosslessJson.read(
                            new BoundedInputStream(
                                    request.getInputStream(),
                                    producer.limits().maxRequestSize().toBytes(),
                                    "request body"));
            if (root.isMissingNode() || root.isNull()) {
                throw invalid("Request body is empty. Data is required.");
            }
            return root;
        } catch (JacksonException e) {
            throw new RestException(RestError.ofStatus(400, LosslessJson.explain(e)));
        }
    }

    private static RestException invalid(String message) {
        return new RestException(RestError.invalidBatch(message));
    }

    /** One entry from reading to reporting. */
    private final class Entry {
        private final String id;
        private final JsonNode node;
        private @Nullable RecordRequest request;
        private CompletableFuture<RecordMetadata> acknowledged = new CompletableFuture<>();

        Entry(String id, JsonNode node) {
            this.id = id;
            this.node = node;
        }

        void send(String topic) {
            try {
                RecordRequest parsed = RecordRequest.parseEntry(topic, node);
                request = parsed;
                acknowledged = producer.send(parsed.record());
            } catch (RestException e) {
                acknowledged = CompletableFuture.failedFuture(e);
            }
        }

        void report(
                String clusterId,
                String topic,
                List<BatchSuccess> successes,
                List<BatchFailure> failures) {
            try {
                RecordMetadata metadata = producer.await(acknowledged);
                RecordRequest sent = java.util.Objects.requireNonNull(request);
                successes.add(
                        new BatchSuccess(
                                id,
                                clusterId,
                                topic,
                                metadata.partition(),
                                metadata.offset(),
                                RecordStream.timestampOf(metadata),
                                sent.producedKey(metadata.serializedKeySize()),
                                sent.producedValue(metadata.serializedValueSize())));
            } catch (ExecutionException | RuntimeException e) {
                RestError error = RecordStream.errorOf(e);
                errors.count("v3", error.errorCode());
                RestError told = error.insideStream();
                failures.add(new BatchFailure(id, told.errorCode(), told.message()));
            }
        }
    }
}
