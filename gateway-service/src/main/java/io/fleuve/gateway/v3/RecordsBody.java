package io.fleuve.gateway.v3;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.LosslessJson;
import io.fleuve.gateway.idempotency.Reply;
import io.fleuve.gateway.idempotency.Work;
import io.fleuve.gateway.kafka.Outgoing;
import io.fleuve.gateway.kafka.Sent;
import io.fleuve.gateway.produce.Preferences;
import io.fleuve.gateway.produce.TraceHeaders;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/**
 * The records of a produce request whose body was read whole, and the receipts for them: the same
 * as {@link RecordStream} would write.
 */
final class RecordsBody implements Work {

    private final String clusterId;
    private final String topic;
    private final boolean strict;
    private final JsonMapper mapper;
    private final List<Item> items = new ArrayList<>();
    private List<RestError> told = List.of();

    /** A record, or what is wrong with it. */
    private record Item(@Nullable RecordRequest request, Outgoing outgoing) {}

    /**
     * Reads a body.
     *
     * @param strict whether a lone record that fails makes the request fail
     * @param maxRecords how many there may be
     * @throws RestException 413 or 422
     */
    RecordsBody(
            String clusterId,
            String topic,
            byte[] body,
            boolean strict,
            TraceHeaders trace,
            int maxRecords,
            JsonMapper mapper) {
        this.clusterId = clusterId;
        this.topic = topic;
        this.strict = strict;
        this.mapper = mapper;
        read(body, trace, maxRecords);
        if (items.isEmpty()) {
            throw new RestException(
                    RestError.invalidPayload("Request body is empty. Data is required."));
        }
    }

    private void read(byte[] body, TraceHeaders trace, int maxRecords) {
        try {
            MappingIterator<JsonNode> values = LosslessJson.readAll(new ByteArrayInputStream(body));
            while (values.hasNextValue()) {
                if (items.size() == maxRecords) {
                    throw new RestException(
                            RestError.tooLarge(
                                    "The request has more than the allowed %d records."
                                            .formatted(maxRecords)));
                }
                items.add(parse(values.nextValue(), trace));
            }
        } catch (JacksonException e) {
            // Where the next value would begin is anyone's guess: this receipt is the last.
            items.add(
                    refused(
                            RestError.badRequest(
                                    "Error processing message: " + LosslessJson.explain(e))));
        }
    }

    private Item parse(JsonNode value, TraceHeaders trace) {
        try {
            RecordRequest request = RecordRequest.parse(topic, value);
            trace.addTo(request.record());
            return new Item(request, new Outgoing.Ready(request.record()));
        } catch (RestException e) {
            return refused(e.error());
        }
    }

    private static Item refused(RestError error) {
        return new Item(null, new Outgoing.Refused(error));
    }

    @Override
    public List<Outgoing> outgoing() {
        return items.stream().map(Item::outgoing).toList();
    }

    @Override
    public Reply reply(List<Sent> sent) {
        List<RestError> refusals = new ArrayList<>();
        ByteArrayOutputStream receipts = new ByteArrayOutputStream();
        for (int i = 0; i < sent.size(); i++) {
            receipts.writeBytes(
                    mapper.writeValueAsBytes(receipt(items.get(i), sent.get(i), refusals)));
            receipts.writeBytes(Receipts.SEPARATOR);
        }
        if (strict && items.size() == 1 && !refusals.isEmpty()) {
            throw new RestException(refusals.getFirst());
        }
        told = refusals;
        return new Reply(
                200,
                strict ? Map.of(Preferences.APPLIED_HEADER, Preferences.STRICT) : Map.of(),
                receipts.toByteArray());
    }

    private Resources.ProduceReceipt receipt(Item item, Sent sent, List<RestError> refusals) {
        return switch (sent) {
            case Sent.Written(var metadata) ->
                    Receipts.written(
                            clusterId,
                            topic,
                            java.util.Objects.requireNonNull(item.request()),
                            metadata);
            case Sent.Refused(RestError error, var _) -> {
                refusals.add(error);
                yield Receipts.refused(error);
            }
            case Sent.Abandoned() ->
                    throw new IllegalStateException("records of a stream are not all or none");
        };
    }

    /** The refusals of the answer that was made last. */
    List<RestError> told() {
        return told;
    }
}
