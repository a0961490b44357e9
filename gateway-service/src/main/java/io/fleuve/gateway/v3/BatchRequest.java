package io.fleuve.gateway.v3;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.JsonFields;
import io.fleuve.gateway.format.LosslessJson;
import io.fleuve.gateway.idempotency.Reply;
import io.fleuve.gateway.idempotency.Work;
import io.fleuve.gateway.kafka.Outgoing;
import io.fleuve.gateway.kafka.ProduceLimits;
import io.fleuve.gateway.kafka.Sent;
import io.fleuve.gateway.produce.Preferences;
import io.fleuve.gateway.produce.TraceHeaders;
import io.fleuve.gateway.v3.Resources.BatchAnswer;
import io.fleuve.gateway.v3.Resources.BatchFailure;
import io.fleuve.gateway.v3.Resources.BatchSuccess;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A batch: {@code {"entries": [{"id", …a record…}], "atomic"?: true}}. Of an atomic batch all
 * records are visible or none is, and its entries may go to other topics than that of the path, by
 * {@code "topic_name"}.
 */
final class BatchRequest implements Work {

    private static final int MAX_ID_LENGTH = 80;
    private static final int MULTI_STATUS = 207;

    private final String clusterId;
    private final boolean atomic;
    private final boolean strict;
    private final JsonMapper mapper;
    private final List<Entry> entries = new ArrayList<>();
    private List<RestError> told = List.of();

    /** An entry, or what is wrong with it. */
    private record Entry(String id, @Nullable RecordRequest request, Outgoing outgoing) {}

    /**
     * Reads a batch.
     *
     * @param strict whether a lone record that fails makes the request fail
     * @throws RestException 400 or 422 if it is not a batch
     */
    BatchRequest(
            String clusterId,
            String topic,
            byte[] body,
            boolean strict,
            TraceHeaders trace,
            ProduceLimits limits,
            JsonMapper mapper) {
        this.clusterId = clusterId;
        this.strict = strict;
        this.mapper = mapper;
        JsonFields fields = JsonFields.of(read(body), "request", Set.of("entries", "atomic"));
        this.atomic = Boolean.TRUE.equals(fields.bool("atomic"));
        Set<String> ids = new HashSet<>();
        for (JsonNode node : fields.array("entries")) {
            String id = node.path("id").isString() ? node.path("id").stringValue() : "";
            if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
                throw invalid("Batch entry identifier is not a valid string.");
            }
            if (!ids.add(id)) {
                throw invalid("Batch entry IDs are not distinct.");
            }
            entries.add(parse(id, topic, node, trace));
        }
        if (entries.isEmpty()) {
            throw invalid("Empty batch.");
        }
        // Confluent's bound is for records that stand alone; a transaction is worth more of them.
        if (entries.size() > (atomic ? limits.maxRecordsPerRequest() : limits.maxBatchEntries())) {
            throw invalid("Too many entries in batch.");
        }
    }

    private static JsonNode read(byte[] body) {
        try {
            JsonNode root = LosslessJson.read(body);
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

    private Entry parse(String id, String topic, JsonNode node, TraceHeaders trace) {
        try {
            RecordRequest request =
                    atomic
                            ? RecordRequest.parseAtomicEntry(topic, node)
                            : RecordRequest.parseEntry(topic, node);
            trace.addTo(request.record());
            return new Entry(id, request, new Outgoing.Ready(request.record()));
        } catch (RestException e) {
            return new Entry(id, null, new Outgoing.Refused(e.error()));
        }
    }

    @Override
    public List<Outgoing> outgoing() {
        return entries.stream().map(Entry::outgoing).toList();
    }

    @Override
    public boolean allOrNone() {
        return atomic;
    }

    @Override
    public Reply reply(List<Sent> sent) {
        List<BatchSuccess> successes = new ArrayList<>();
        List<BatchFailure> failures = new ArrayList<>();
        List<RestError> refusals = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            Entry entry = entries.get(i);
            switch (sent.get(i)) {
                case Sent.Written(RecordMetadata metadata) ->
                        successes.add(success(entry, metadata));
                case Sent.Refused(RestError error, var _) -> {
                    if (atomic) {
                        throw nothingOf(entry, error);
                    }
                    RestError inside = error.insideStream();
                    failures.add(
                            new BatchFailure(entry.id(), inside.errorCode(), inside.message()));
                    refusals.add(error);
                }
                case Sent.Abandoned() -> {
                    // The refused one is told of.
                }
            }
        }
        if (strict && entries.size() == 1 && !refusals.isEmpty()) {
            throw new RestException(refusals.getFirst());
        }
        told = refusals;
        return new Reply(
                MULTI_STATUS,
                strict ? Map.of(Preferences.APPLIED_HEADER, Preferences.STRICT) : Map.of(),
                mapper.writeValueAsBytes(new BatchAnswer(successes, failures)));
    }

    private static RestException nothingOf(Entry entry, RestError error) {
        return new RestException(
                new RestError(
                        error.status(),
                        error.errorCode(),
                        "Nothing of the batch was written, because of entry \"%s\": %s"
                                .formatted(entry.id(), error.message())));
    }

    private BatchSuccess success(Entry entry, RecordMetadata metadata) {
        RecordRequest request = Objects.requireNonNull(entry.request());
        return new BatchSuccess(
                entry.id(),
                clusterId,
                request.record().topic(),
                metadata.partition(),
                metadata.offset(),
                Receipts.timestampOf(metadata),
                request.producedKey(metadata.serializedKeySize()),
                request.producedValue(metadata.serializedValueSize()));
    }

    /** The refusals of the answer that was made last. */
    List<RestError> told() {
        return told;
    }
}
