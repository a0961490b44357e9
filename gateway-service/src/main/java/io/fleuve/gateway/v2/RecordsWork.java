package io.fleuve.gateway.v2;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.idempotency.Reply;
import io.fleuve.gateway.idempotency.Work;
import io.fleuve.gateway.kafka.Outgoing;
import io.fleuve.gateway.kafka.Sent;
import io.fleuve.gateway.produce.Preferences;
import io.fleuve.gateway.v2.ProduceController.PartitionOffset;
import io.fleuve.gateway.v2.ProduceController.ProduceAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The records of a v2 request, and its answer. */
final class RecordsWork implements Work {

    private final List<ProducerRecord<byte[], byte[]>> records;
    private final boolean strict;
    private final JsonMapper mapper;
    private List<Integer> told = List.of();

    /**
     * @param strict whether a lone record that fails makes the request fail
     */
    RecordsWork(List<ProducerRecord<byte[], byte[]>> records, boolean strict, JsonMapper mapper) {
        this.records = List.copyOf(records);
        this.strict = strict;
        this.mapper = mapper;
    }

    @Override
    public List<Outgoing> outgoing() {
        return records.stream().<Outgoing>map(Outgoing.Ready::new).toList();
    }

    /** A topic that does not exist fails the request, as the published API has it. */
    @Override
    public Outgoing unwritable(RestException refusal) {
        throw refusal;
    }

    @Override
    public Reply reply(List<Sent> sent) {
        List<PartitionOffset> offsets = new ArrayList<>(sent.size());
        List<Integer> codes = new ArrayList<>();
        for (Sent each : sent) {
            offsets.add(
                    switch (each) {
                        case Sent.Written(RecordMetadata metadata) ->
                                new PartitionOffset(
                                        metadata.partition(), metadata.offset(), null, null);
                        case Sent.Refused(RestError error, var cause) ->
                                refused(error, cause, codes);
                        case Sent.Abandoned() ->
                                throw new IllegalStateException("v2 requests are not all or none");
                    });
        }
        told = codes;
        return new Reply(
                statusOf(codes),
                strict ? Map.of(Preferences.APPLIED_HEADER, Preferences.STRICT) : Map.of(),
                mapper.writeValueAsBytes(new ProduceAnswer(offsets, null, null)));
    }

    private PartitionOffset refused(
            RestError error, @Nullable Throwable cause, List<Integer> codes) {
        if (cause instanceof RestException refusal) {
            throw refusal;
        }
        if (strict && records.size() == 1) {
            throw new RestException(error);
        }
        int code = codeOf(cause, error);
        codes.add(code);
        return new PartitionOffset(null, null, code, error.message());
    }

    // v2 tells only four kinds apart, so that a client knows whether to try the record again.
    private static int codeOf(@Nullable Throwable cause, RestError error) {
        return switch (error.errorCode()) {
            case RestError.AUTHENTICATION, RestError.AUTHORIZATION -> error.errorCode();
            default ->
                    cause instanceof RetriableException
                            ? RestError.KAFKA_RETRIABLE
                            : cause instanceof KafkaException ? RestError.KAFKA : error.errorCode();
        };
    }

    private static int statusOf(List<Integer> codes) {
        if (codes.contains(RestError.AUTHENTICATION)) {
            return 401;
        }
        return codes.contains(RestError.AUTHORIZATION) ? 403 : 200;
    }

    /** The error codes of the answer that was made last. */
    List<Integer> told() {
        return told;
    }
}
