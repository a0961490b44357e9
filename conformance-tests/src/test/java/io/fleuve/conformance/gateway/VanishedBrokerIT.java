package io.fleuve.conformance.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.conformance.faults.FaultedCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A broker's host is gone: unlike one whose process is gone, it does not refuse connections. */
class VanishedBrokerIT {

    private static final int PARTITIONS = 6;

    /** A lease and an attempt to connect, and something for a busy machine. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir private Path directory;

    private record Produced(JsonNode answer, Duration took) {}

    @Test
    void producesElsewhereWithinTenSecondsWhenAHostIsGone() throws Exception {
        try (FaultedCluster cluster = FaultedCluster.fleuve(2);
                GatewayProcess gateway =
                        GatewayProcess.launch(
                                cluster.bootstrapServers(), directory.resolve("gateway.log"));
                HttpClient http = HttpClient.newHttpClient()) {
            gateway.awaitReady(http);
            Client client = new Client(http, gateway.url());
            client.createTopic("here-and-gone", PARTITIONS);
            client.produceToEach("here-and-gone", PARTITIONS);

            FaultedCluster.Node victim = cluster.nodes().get(client.leader("here-and-gone", 0) - 1);
            victim.kill();
            victim.clients().vanish();

            for (Produced produced : client.produceToEach("here-and-gone", PARTITIONS)) {
                assertThat(produced.answer().at("/offsets/0/error_code").isNull())
                        .as("%s", produced)
                        .isTrue();
                assertThat(produced.took()).isLessThan(LONGEST);
            }
        }
    }

    private record Client(HttpClient http, String url) {

        void createTopic(String topic, int partitions) throws Exception {
            String cluster = get("/v3/clusters").at("/data/0/cluster_id").asString();
            HttpResponse<String> answer =
                    http.send(
                            post(
                                    "/v3/clusters/" + cluster + "/topics",
                                    "application/json",
                                    "{\"topic_name\": \"%s\", \"partitions_count\": %d}"
                                            .formatted(topic, partitions)),
                            BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        }

        int leader(String topic, int partition) throws Exception {
            return get("/topics/%s/partitions/%d".formatted(topic, partition))
                    .get("leader")
                    .intValue();
        }

        /** One record to each partition, all at a time. */
        List<Produced> produceToEach(String topic, int partitions) {
            List<CompletableFuture<Produced>> asked = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                long start = System.nanoTime();
                asked.add(
                        http.sendAsync(
                                        post(
                                                "/topics/" + topic,
                                                "application/vnd.kafka.json.v2+json",
                                                "{\"records\": [{\"value\": 1, \"partition\": %d}]}"
                                                        .formatted(partition)),
                                        BodyHandlers.ofString())
                                .thenApply(
                                        answer ->
                                                new Produced(
                                                        JSON.readTree(answer.body()),
                                                        Duration.ofNanos(
                                                                System.nanoTime() - start))));
            }
            return asked.stream().map(CompletableFuture::join).toList();
        }

        private JsonNode get(String path) throws IOException, InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).build();
            return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
        }

        private HttpRequest post(String path, String type, String body) {
            return HttpRequest.newBuilder(URI.create(url + path))
                    .header("Content-Type", type)
                    .POST(BodyPublishers.ofString(body))
                    .build();
        }
    }
}
