package io.fleuve.conformance.gateway;

import io.fleuve.conformance.gateway.TroubleClient.Answer;
import io.fleuve.conformance.gateway.TroubleClient.Ask;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/** Produces in one of the ways that there are, record after record. */
final class WritingVisitor implements Visitor {

    private static final String V2 = "application/vnd.kafka.json.v2+json";
    private static final String V3 = "application/json";
    private static final String PADDING = "x".repeat(400);
    private static final Duration BEFORE_REPEATING = Duration.ofMillis(500);

    private final TroubleKind kind;
    private final String name;
    private final String topic;
    private final Duration pace;
    private final TroubleClient client;
    private final Random random;
    private int next;

    WritingVisitor(
            TroubleKind kind,
            int number,
            String topic,
            Duration pace,
            TroubleClient client,
            long seed) {
        this.kind = kind;
        this.name = kind.name() + "-" + number;
        this.topic = topic;
        this.pace = pace;
        this.client = client;
        this.random = new Random(seed * 1_000 + name.hashCode());
    }

    @Override
    public void visit(BooleanSupplier over) {
        while (!over.getAsBoolean()) {
            String value = name + "-" + next++ + "-" + PADDING.substring(random.nextInt(400));
            switch (kind) {
                case V2_PRODUCE -> writeV2(value);
                case V3_PRODUCE -> writeV3(value);
                case ATOMIC -> writeAtomic(value);
                case KEYED -> writeKeyed(value, over);
                case READ, ADMIN, CONSUMER, EVENTS ->
                        throw new IllegalStateException(kind + " writes nothing");
            }
            pause(over);
        }
    }

    private void pause(BooleanSupplier over) {
        Visitor.pause(pace, random, over);
    }

    private void writeV2(String value) {
        Ask ask =
                Ask.post(
                        kind,
                        "/topics/" + topic,
                        V2,
                        "{\"records\":[{\"value\":\"%s\"},{\"value\":\"%s+\"}]}"
                                .formatted(value, value));
        Answer answer = client.send(ask);
        if (answer.status() == 200) {
            JsonNode offsets = answer.json().path("offsets");
            // JSON in JSON: the record's value is the quoted text.
            note(ask, offsets.path(0), "partition", "\"" + value + "\"");
            note(ask, offsets.path(1), "partition", "\"" + value + "+\"");
        }
    }

    private void writeV3(String value) {
        Ask ask =
                Ask.post(
                        kind,
                        "/v3/clusters/any/topics/" + topic + "/records",
                        V3,
                        "{\"value\":{\"type\":\"STRING\",\"data\":\"" + value + "\"}}");
        Answer answer =
                client.send(random.nextInt(5) == 0 ? ask.with("Prefer", "handling=strict") : ask);
        if (answer.status() == 200) {
            note(ask, answer.json(), "partition_id", value);
        }
    }

    private void writeAtomic(String value) {
        String data = "{\"type\":\"STRING\",\"data\":\"%s\"}";
        Ask ask =
                Ask.post(
                        kind,
                        "/v3/clusters/any/topics/" + topic + "/records:batch",
                        V3,
                        "{\"atomic\":true,\"entries\":[{\"id\":\"1\",\"value\":%s},{\"id\":\"2\",\"value\":%s}]}"
                                .formatted(data.formatted(value), data.formatted(value + "+")));
        Answer answer = client.send(ask);
        if (answer.ok()) {
            JsonNode successes = answer.json().path("successes");
            note(ask, successes.path(0), "partition_id", value);
            note(ask, successes.path(1), "partition_id", value + "+");
        }
    }

    // Repeated with the same key until it is written.
    private void writeKeyed(String value, BooleanSupplier over) {
        Ask ask =
                Ask.post(
                                kind,
                                "/topics/" + topic,
                                V2,
                                "{\"records\":[{\"value\":\"" + value + "\"}]}")
                        .with("Idempotency-Key", "\"" + UUID.randomUUID() + "\"");
        while (!over.getAsBoolean()) {
            Answer answer = client.send(ask);
            JsonNode offset =
                    answer.status() == 200
                            ? answer.json().path("offsets").path(0)
                            : TroubleClient.MAPPER.createObjectNode();
            if (answer.status() == 200 && note(ask, offset, "partition", "\"" + value + "\"")) {
                return;
            }
            Visitor.pause(BEFORE_REPEATING, random, over);
        }
    }

    private boolean note(Ask ask, JsonNode record, String partition, String value) {
        if (record.path("offset").isIntegralNumber()) {
            client.tally()
                    .acknowledged(
                            record.path(partition).intValue(),
                            record.path("offset").longValue(),
                            value);
            client.tally().success(kind);
            return true;
        }
        int code = record.path("error_code").asInt(0);
        String message =
                record.path("error").isString()
                        ? record.path("error").stringValue()
                        : record.path("message").asString("");
        client.failed(ask, "200, record " + code, code, message);
        return false;
    }
}
