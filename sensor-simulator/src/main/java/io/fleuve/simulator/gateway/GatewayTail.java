package io.fleuve.simulator.gateway;

import io.fleuve.simulator.publish.TopicTail;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Reads the topic with the gateway's stateless reads. */
final class GatewayTail implements TopicTail {

    private static final int RECORDS_PER_REQUEST = 1_000;
    private static final int WAIT_MS = 2_000;

    private final GatewayTopic topic;
    private final GatewayClient client;

    GatewayTail(GatewayTopic topic) {
        this.topic = topic;
        this.client = new GatewayClient(topic);
    }

    @Override
    public List<Span> partitions() {
        String path = "/topics/" + topic.name() + "/partitions";
        List<Span> spans = new ArrayList<>();
        for (JsonNode each : client.show(path)) {
            int partition = each.path("partition").intValue();
            JsonNode offsets = client.show(path + "/" + partition + "/offsets");
            spans.add(
                    new Span(
                            partition,
                            offsets.path("beginning_offset").longValue(),
                            offsets.path("end_offset").longValue()));
        }
        if (spans.isEmpty()) {
            throw topic.unreachable(
                    new IOException("topic '" + topic.name() + "' is not known yet"));
        }
        return spans;
    }

    @Override
    public void read(int partition, long from, long upTo, Consumer<Stored> each) {
        for (long next = from; next < upTo; ) {
            JsonNode page =
                    client.show(
                            "/topics/%s/partitions/%d/records?offset=%d&max_records=%d&timeout=%d&format=binary"
                                    .formatted(
                                            topic.name(),
                                            partition,
                                            next,
                                            Math.min(upTo - next, RECORDS_PER_REQUEST),
                                            WAIT_MS));
            for (JsonNode record : page.path("records")) {
                give(record, each);
            }
            long after = page.path("next_offset").longValue();
            if (after <= next) {
                // An open transaction, probably our own of a moment ago.
                throw topic.unreachable(
                        new IOException(
                                "no records of partition %d from offset %d yet"
                                        .formatted(partition, next)));
            }
            next = after;
        }
    }

    private static void give(JsonNode record, Consumer<Stored> each) {
        if (record.path("key").isString() && record.path("timestamp").isString()) {
            each.accept(
                    new Stored(
                            record.path("key").stringValue(),
                            Instant.parse(record.path("timestamp").stringValue()),
                            headers(record.path("headers"))));
        }
    }

    private static Map<String, String> headers(JsonNode nodes) {
        Map<String, String> headers = new HashMap<>();
        for (JsonNode header : nodes) {
            if (header.path("value").isString()) {
                headers.put(
                        header.path("name").stringValue(),
                        new String(
                                Base64.getDecoder().decode(header.path("value").stringValue()),
                                StandardCharsets.UTF_8));
            }
        }
        return headers;
    }

    @Override
    public void close() {
        client.close();
    }
}
