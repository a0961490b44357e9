package io.fleuve.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe of docs/logs.md: lines of our own and of files go to a topic, and are found there. */
class LogsIT {

    private static final String TOPIC = "application-logs";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path directory;

    @Test
    void linesOfOurOwnAreFoundByTheirFields() throws Exception {
        Map<Endpoint, Integer> ports = QuickstartProcess.freePorts();
        try (QuickstartProcess platform =
                QuickstartProcess.start(directory, ports, Map.of("FLEUVE_LOG_TOPIC", TOPIC))
                        .awaitUp()) {
            String found =
                    firstEvent(ports, "key=quickstart&filter=formattedMessage%20contains%20topic");
            assertThat(found).contains("loggerName", "io.fleuve", "\"level\"");
            assertThat(documentedSearches(ports))
                    .hasSizeGreaterThan(1)
                    .allSatisfy(search -> assertThat(status(search)).isEqualTo(200));
            assertThat(platform.get(Endpoint.BROKER, "/actuator/prometheus"))
                    .contains("fleuve_logs_lines_total{outcome=\"sent\"}");
        }
    }

    @Test
    void linesOfAFileAreShippedByRsyslog() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin/rsyslogd")) && isOmkafkaThere(),
                "needs Debian's rsyslog and rsyslog-kafka");
        Map<Endpoint, Integer> ports = QuickstartProcess.freePorts();
        Path logs = Files.createDirectory(directory.resolve("logs"));
        Path spool = Files.createDirectory(directory.resolve("spool"));
        Files.write(
                logs.resolve("shop.log"),
                IntStream.range(0, 50).mapToObj(i -> "order " + i + " was taken").toList());
        String configuration =
                Files.readString(Path.of("../docs/logs/rsyslog.conf"))
                        .replace("/var/log/my-application", logs.toString())
                        .replace("/var/spool/rsyslog", spool.toString())
                        .replace("localhost:9092", "127.0.0.1:" + ports.get(Endpoint.KAFKA));
        Path file = Files.writeString(directory.resolve("rsyslog.conf"), configuration);
        try (QuickstartProcess platform =
                QuickstartProcess.start(directory, ports, Map.of()).awaitUp()) {
            Process rsyslog =
                    new ProcessBuilder(
                                    "/usr/sbin/rsyslogd",
                                    "-n",
                                    "-f",
                                    file.toString(),
                                    "-i",
                                    directory.resolve("rsyslog.pid").toString())
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("rsyslog.txt").toFile())
                            .start();
            try {
                assertThat(firstEvent(ports, "filter=message%20contains%20order%2049"))
                        .as(Files.readString(directory.resolve("rsyslog.txt")))
                        .contains("my-application", "order 49 was taken");
            } finally {
                rsyslog.destroy();
                rsyslog.waitFor(10, TimeUnit.SECONDS);
            }
            assertThat(platform.output()).contains("Fleuve is up");
        }
    }

    private static boolean isOmkafkaThere() {
        return List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib")
                .stream()
                .anyMatch(lib -> Files.exists(Path.of(lib, "rsyslog", "omkafka.so")));
    }

    private static List<URI> documentedSearches(Map<Endpoint, Integer> ports) throws IOException {
        return Pattern.compile("curl -N '([^']+)'")
                .matcher(Files.readString(Path.of("../docs/logs.md")))
                .results()
                .map(
                        found ->
                                found.group(1)
                                        .replace(
                                                "8080",
                                                String.valueOf(ports.get(Endpoint.GATEWAY))))
                .map(URI::create)
                .toList();
    }

    private static int status(URI search) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> response =
                    client.send(
                            HttpRequest.newBuilder(search).build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            response.body().close();
            return response.statusCode();
        }
    }

    /** Follows the topic from its start, which may not be there yet, until something passes. */
    private static String firstEvent(Map<Endpoint, Integer> ports, String query) throws Exception {
        URI uri =
                URI.create(
                        "http://127.0.0.1:%d/topics/%s/events?from=start&%s"
                                .formatted(ports.get(Endpoint.GATEWAY), TOPIC, query));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (System.nanoTime() < deadline) {
                HttpResponse<InputStream> response =
                        client.send(
                                HttpRequest.newBuilder(uri).build(),
                                HttpResponse.BodyHandlers.ofInputStream());
                if (response.statusCode() == 200) {
                    CompletableFuture<String> event =
                            CompletableFuture.supplyAsync(() -> data(response.body()));
                    String found = event.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                    response.body().close();
                    return found;
                }
                // No topic yet: the first line makes it.
                response.body().close();
            }
        }
        throw new AssertionError("the topic did not appear");
    }

    private static String data(InputStream events) {
        StringBuilder line = new StringBuilder();
        try {
            for (int next = events.read(); next >= 0; next = events.read()) {
                if (next != '\n') {
                    line.append((char) next);
                } else if (line.toString().startsWith("data:")
                        && line.toString().contains("\"value\"")) {
                    return new String(
                            line.toString().getBytes(StandardCharsets.ISO_8859_1),
                            StandardCharsets.UTF_8);
                } else {
                    line.setLength(0);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("the stream ended");
    }
}
