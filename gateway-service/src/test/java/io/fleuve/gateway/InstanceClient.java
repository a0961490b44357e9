package io.fleuve.gateway;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/** One consumer instance as a client sees it, through whichever gateway it likes. */
record InstanceClient(Client client, String group, String name) {

    static final String JSON = "application/vnd.kafka.v2+json";
    static final String JSON_RECORDS = "application/vnd.kafka.json.v2+json";

    /** Creates an instance; {@code more} are further members of the request. */
    static InstanceClient create(Client client, String group, String... more) {
        String name = "i-" + UUID.randomUUID();
        List<String> members = new ArrayList<>(List.of(more));
        members.add("\"name\":\"" + name + "\"");
        client.post("/consumers/" + group, JSON, "{" + String.join(",", members) + "}").expect(200);
        return new InstanceClient(client, group, name);
    }

    /** The same instance through another gateway. */
    InstanceClient through(Client other) {
        return new InstanceClient(other, group, name);
    }

    String path(String rest) {
        return "/consumers/" + group + "/instances/" + name + rest;
    }

    Answer post(String rest, String body) {
        return client.post(path(rest), JSON, body);
    }

    Answer get(String rest, String... headers) {
        return client.get(path(rest), headers);
    }

    Answer delete(String rest) {
        return client.delete(path(rest));
    }

    InstanceClient subscribe(String topic) {
        post("/subscription", "{\"topics\":[\"" + topic + "\"]}").expect(204);
        return this;
    }

    /** The API asks for committed offsets by a GET with a body. */
    Answer getWithBody(String rest, String body) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(client.baseUrl() + path(rest)))
                        .timeout(Duration.ofMinutes(1))
                        .header("Content-Type", JSON)
                        .method("GET", BodyPublishers.ofString(body))
                        .build();
        try {
            HttpResponse<String> response = client.http().send(request, BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    response.body(),
                    response.headers().map());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The offset committed for a partition, or -1. */
    long committed(String topic, int partition) {
        JsonNode offsets =
                getWithBody("/offsets", partitions(topic, partition))
                        .expect(200)
                        .json()
                        .get("offsets");
        return offsets.isEmpty() ? -1 : offsets.get(0).get("offset").longValue();
    }

    static String partitions(String topic, int partition) {
        return "{\"partitions\":[{\"topic\":\"%s\",\"partition\":%d}]}".formatted(topic, partition);
    }

    /** Reads until there are {@code count} records, and no more than these. */
    List<JsonNode> read(int count) {
        return read(count, "");
    }

    List<JsonNode> read(int count, String query) {
        List<JsonNode> records = new ArrayList<>();
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(
                        () -> {
                            get("/records?timeout=300" + query)
                                    .expect(200)
                                    .json()
                                    .forEach(records::add);
                            return records.size() >= count;
                        });
        if (records.size() > count) {
            throw new AssertionError("more than " + count + " records: " + records);
        }
        return records;
    }

    static void produce(Client client, String topic, int partition, int from, int count) {
        StringBuilder records = new StringBuilder();
        for (int i = from; i < from + count; i++) {
            records.append(records.isEmpty() ? "" : ",")
                    .append("{\"value\":")
                    .append(i)
                    .append('}');
        }
        JsonNode answer =
                client.post(
                                "/topics/" + topic + "/partitions/" + partition,
                                JSON_RECORDS,
                                "{\"records\":[" + records + "]}")
                        .expect(200)
                        .json();
        for (JsonNode offset : answer.get("offsets")) {
            if (!offset.get("error_code").isNull()) {
                throw new AssertionError("not produced: " + answer);
            }
        }
    }

    static List<Integer> values(List<JsonNode> records) {
        return records.stream().map(record -> record.get("value").intValue()).toList();
    }
}
