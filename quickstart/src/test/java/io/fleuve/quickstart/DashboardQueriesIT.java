package io.fleuve.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Grafana shows and what operators are warned of, asked of a real Prometheus that scrapes a
 * real platform: a panel whose query finds nothing, or a rule about a metric that is not there,
 * would be noticed on the day it is needed.
 */
class DashboardQueriesIT {

    private static final Path SHIPPED = Path.of("..", "docker");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Every metric of ours, or of the libraries that rules speak of. */
    private static final Pattern METRIC =
            Pattern.compile("\\b(?:fleuve|http_server|hikaricp|jvm|process)_[a-z_]+");

    @TempDir private static Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void requirePrometheus() {
        assumeTrue(
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "prometheus"))),
                "needs prometheus on the PATH");
    }

    @Test
    void everyPanelAndEveryRuleFindsItsMetrics() throws Exception {
        Map<Endpoint, Integer> ports = QuickstartProcess.freePorts();
        int port = freePort();
        try (QuickstartProcess platform = QuickstartProcess.start(directory, ports).awaitUp();
                Prometheus prometheus = new Prometheus(directory, ports, port)) {
            produceOverHttp(ports.getOrDefault(Endpoint.GATEWAY, 0));
            // A rate needs two scrapes, and the gateway measures groups every 15 s.
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> hasData(port, "fleuve_gateway_group_lag_records"));
            Set<String> empty = new TreeSet<>(panelQueries());
            assertThat(empty).as("queries of the dashboards").hasSizeGreaterThan(40);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> {
                                for (String query : List.copyOf(empty)) {
                                    if (hasData(port, query)) {
                                        empty.remove(query);
                                    }
                                }
                                assertThat(empty).as("queries without data").isEmpty();
                            });
            assertThat(alertingRules(port)).as("rules that Prometheus took").hasSizeGreaterThan(10);
            Set<String> missing = new TreeSet<>();
            for (String query : alertingRules(port)) {
                for (String metric :
                        METRIC.matcher(query).results().map(MatchResult::group).toList()) {
                    if (!hasData(port, metric)) {
                        missing.add(metric);
                    }
                }
            }
            assertThat(missing).as("metrics of rules that are not there").isEmpty();
            assertThat(platform.output()).contains("Fleuve is up");
            assertThat(prometheus.isAlive()).isTrue();
        }
    }

    private static List<String> panelQueries() throws IOException {
        List<String> queries = new ArrayList<>();
        try (Stream<Path> files = Files.list(SHIPPED.resolve("grafana/dashboards"))) {
            for (Path file : files.toList()) {
                JsonNode dashboard = JSON.readTree(Files.readString(file));
                for (JsonNode panel : dashboard.path("panels")) {
                    for (JsonNode target : panel.path("targets")) {
                        queries.add(
                                target.path("expr").asString().replace("$__rate_interval", "30s"));
                    }
                }
            }
        }
        return queries;
    }

    private List<String> alertingRules(int port) throws IOException, InterruptedException {
        return get(port, "/api/v1/rules?type=alert")
                .path("data")
                .path("groups")
                .valueStream()
                .flatMap(group -> group.path("rules").valueStream())
                .map(rule -> rule.path("query").asString())
                .toList();
    }

    private boolean hasData(int port, String query) throws IOException, InterruptedException {
        JsonNode answer =
                get(
                        port,
                        "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
        assertThat(answer.path("status").asString()).as(query + ": " + answer).isEqualTo("success");
        return !answer.path("data").path("result").isEmpty();
    }

    private JsonNode get(int port, String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(10))
                        .build();
        return JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private void produceOverHttp(int gateway) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + gateway + "/topics/dashboards"))
                        .header("Content-Type", "application/vnd.kafka.json.v2+json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"records\":[{\"value\":1},{\"value\":2}]}"))
                        .build();
        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    /** With the jobs and the rules that are shipped, and targets on this machine. */
    private static final class Prometheus implements AutoCloseable {

        private static final Map<String, Endpoint> JOBS =
                Map.of(
                        "broker", Endpoint.BROKER,
                        "gateway", Endpoint.GATEWAY,
                        "alert-service", Endpoint.ALERTS,
                        "sensor-simulator", Endpoint.SIMULATOR);

        private final Process process;

        Prometheus(Path directory, Map<Endpoint, Integer> ports, int port) throws IOException {
            String shipped = Files.readString(SHIPPED.resolve("prometheus/prometheus.yml"));
            assertThat(JOBS.keySet())
                    .as("jobs of the shipped configuration")
                    .isEqualTo(
                            Pattern.compile("job_name: ([a-z-]+)")
                                    .matcher(shipped)
                                    .results()
                                    .map(match -> match.group(1))
                                    .collect(Collectors.toSet()));
            StringBuilder configuration =
                    new StringBuilder(
                            """
                            global: {scrape_interval: 2s, evaluation_interval: 2s}
                            rule_files: [%s]
                            scrape_configs:
                            """
                                    .formatted(
                                            SHIPPED.resolve("prometheus/rules.yml").toRealPath()));
            JOBS.forEach(
                    (job, endpoint) ->
                            configuration.append(
                                    """
                                    - job_name: %s
                                      metrics_path: /actuator/prometheus
                                      static_configs: [{targets: ['127.0.0.1:%d']}]
                                    """
                                            .formatted(job, ports.get(endpoint))));
            Path file = Files.writeString(directory.resolve("prometheus.yml"), configuration);
            process =
                    new ProcessBuilder(
                                    "prometheus",
                                    "--config.file=" + file,
                                    "--storage.tsdb.path=" + directory.resolve("tsdb"),
                                    "--web.listen-address=127.0.0.1:" + port)
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("prometheus.log").toFile())
                            .start();
        }

        boolean isAlive() {
            return process.isAlive();
        }

        @Override
        public void close() throws InterruptedException {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }
}
