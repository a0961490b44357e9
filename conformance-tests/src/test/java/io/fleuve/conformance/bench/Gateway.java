package io.fleuve.conformance.bench;

import io.fleuve.conformance.gateway.GatewayProcess;
import io.fleuve.conformance.platform.ApacheKafkaPlatform;
import io.fleuve.conformance.platform.FleuvePlatform;
import io.fleuve.conformance.platform.PlatformUnderTest;
import io.fleuve.kafkapeer.ApacheKafka;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * The gateway before Fleuve and before Apache Kafka, one after the other in one run, each in
 * processes of its own: closed loops of requests over kept-alive connections, then many readers of
 * server-sent events of one topic. Prints a table; absolute figures are those of the machine.
 *
 * <p>System properties: {@code seconds} that each shape is measured (10), {@code warmUp} seconds
 * before the first of them (10), {@code connections} (1,32,256), {@code readers} of events (1000),
 * {@code rate} of events a second (100), {@code heap} of brokers and gateways (512m), {@code only}:
 * a part of the names of the subjects.
 */
public final class Gateway {

    private static final int PARTITIONS = 6;
    private static final int BATCH = 100;
    private static final String JSON_V2 = "application/vnd.kafka.json.v2+json";

    private final Duration measured = Duration.ofSeconds(Integer.getInteger("seconds", 10));
    private final Duration warmUp = Duration.ofSeconds(Integer.getInteger("warmUp", 10));
    private final int readers = Integer.getInteger("readers", 1000);
    private final int rate = Integer.getInteger("rate", 100);
    private final String heap = System.getProperty("heap", "512m");
    private final int[] connections =
            Arrays.stream(System.getProperty("connections", "1,32,256").split(",", -1))
                    .mapToInt(Integer::parseInt)
                    .toArray();

    public static void main(String[] args) throws Exception {
        new Gateway().run();
    }

    private void run() throws Exception {
        List<String> jvm = List.of("-Xmx" + heap, "-XX:+UseG1GC");
        Map<String, Supplier<PlatformUnderTest>> platforms = new LinkedHashMap<>();
        platforms.put("before Fleuve", () -> FleuvePlatform.start(jvm));
        platforms.put(
                "before Apache Kafka",
                () ->
                        new ApacheKafkaPlatform(
                                ApacheKafka.builder().heap(heap).jvmOptions("-XX:+UseG1GC")));
        platforms.keySet().removeIf(name -> !name.contains(System.getProperty("only", "")));
        Map<String, Measurement> results = new LinkedHashMap<>();
        for (var platform : platforms.entrySet()) {
            System.out.println("measuring the gateway " + platform.getKey());
            results.put(platform.getKey(), measure(platform.getValue(), jvm));
        }
        System.out.print(table(results));
    }

    private Measurement measure(Supplier<PlatformUnderTest> start, List<String> jvm)
            throws Exception {
        Measurement found = new Measurement();
        Path log = Files.createTempFile("gateway-", ".log");
        try (PlatformUnderTest platform = start.get();
                GatewayProcess gateway =
                        GatewayProcess.launch(platform.bootstrapServers(), log, jvm)) {
            try (HttpClient http = HttpClient.newHttpClient()) {
                gateway.awaitReady(http);
            }
            requests(platform, gateway, found);
            events(platform, gateway, found);
        }
        return found;
    }

    private void requests(PlatformUnderTest platform, GatewayProcess gateway, Measurement found)
            throws Exception {
        String topic = SideBySide.topic(platform, PARTITIONS);
        String v2 = "/topics/" + topic;
        byte[] hundred = HttpConnection.post(v2, JSON_V2, records(BATCH));
        Map<String, byte[]> shapes = new LinkedHashMap<>();
        shapes.put(
                "v3 POST of 1 record",
                HttpConnection.post(
                        "/v3/clusters/" + clusterId(gateway) + "/topics/" + topic + "/records",
                        "application/json",
                        "{\"value\":{\"type\":\"JSON\",\"data\":\"%s\"}}"
                                .formatted("x".repeat(100))));
        shapes.put("v2 POST of 1 record", HttpConnection.post(v2, JSON_V2, records(1)));
        shapes.put("v2 POST of 100 records", hundred);
        shapes.put(
                "GET of 100 records",
                HttpConnection.get(
                        "/topics/" + topic + "/partitions/0/records?offset=0&max_records=100",
                        "application/json"));
        try (HttpConnection one = new HttpConnection(gateway.port())) {
            // So that there is something to read, in each partition.
            for (int i = 0; i < PARTITIONS; i++) {
                one.exchange(HttpConnection.post(v2 + "/partitions/" + i, JSON_V2, records(BATCH)));
            }
        }
        for (byte[] request : shapes.values()) {
            load(gateway.port(), request, 32, warmUp.dividedBy(shapes.size()));
        }
        for (var shape : shapes.entrySet()) {
            for (int each : connections) {
                String name = "%s, %d connections: ".formatted(shape.getKey(), each);
                double cpu = cpu(gateway);
                long start = System.nanoTime();
                long[] nanos = load(gateway.port(), shape.getValue(), each, measured);
                double seconds = (System.nanoTime() - start) / 1e9;
                found.put(name + "requests/s", nanos.length / seconds);
                enter(found, name, nanos);
                found.put(
                        name + "CPU of the gateway a request, ms",
                        (cpu(gateway) - cpu) * 1000 / nanos.length);
                System.out.println(name + nanos.length + " requests in " + seconds + " s");
            }
        }
    }

    private static String clusterId(GatewayProcess gateway) throws IOException {
        try (HttpConnection one = new HttpConnection(gateway.port())) {
            String body = one.exchange(HttpConnection.get("/v3/clusters", "application/json"));
            int at = body.indexOf("\"cluster_id\":\"") + 14;
            return body.substring(at, body.indexOf('"', at));
        }
    }

    private static String records(int count) {
        String record = "{\"value\":\"%s\"}".formatted("x".repeat(100));
        return "{\"records\":[" + String.join(",", Collections.nCopies(count, record)) + "]}";
    }

    /** Latencies of a closed loop in nanoseconds, in ascending order; any failure ends the run. */
    private static long[] load(int port, byte[] request, int connections, Duration duration)
            throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long end = System.nanoTime() + duration.toNanos();
            List<Future<long[]>> running = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                running.add(threads.submit(() -> loop(port, request, end)));
            }
            List<long[]> all = new ArrayList<>();
            for (Future<long[]> each : running) {
                all.add(each.get());
            }
            return all.stream().flatMapToLong(LongStream::of).sorted().toArray();
        }
    }

    private static long[] loop(int port, byte[] request, long end) throws IOException {
        LongStream.Builder nanos = LongStream.builder();
        try (HttpConnection connection = new HttpConnection(port)) {
            for (long sent = System.nanoTime(); sent < end; sent = System.nanoTime()) {
                String answer = connection.exchange(request);
                nanos.add(System.nanoTime() - sent);
                requireOffset(answer);
            }
        }
        return nanos.build().toArray();
    }

    // A status of 200 does not say that records were written: each has an error code of its own.
    private static void requireOffset(String answer) throws IOException {
        boolean failed =
                answer.contains("\"offset\":null")
                        || answer.contains("\"error_code\":4")
                        || answer.contains("\"error_code\":5");
        if (failed || !answer.contains("\"offset\":")) {
            throw new IOException("not what was asked for: " + answer);
        }
    }

    private void events(PlatformUnderTest platform, GatewayProcess gateway, Measurement found)
            throws Exception {
        if (readers == 0) {
            return;
        }
        String topic = SideBySide.topic(platform, 1);
        EventReaders.Result result =
                EventReaders.run(
                        gateway, platform.bootstrapServers(), topic, readers, rate, measured);
        String name = "%d readers of %d events/s: ".formatted(readers, rate);
        found.put(name + "events that came late or not at all", result.missing());
        enter(found, name, result.nanos());
        found.put(name + "events delivered/s", result.nanos().length / result.seconds());
        found.put(name + "CPU of the gateway, cores", result.cpuSeconds() / result.seconds());
        found.put(name + "memory of the gateway, MB", result.memoryBytes() / 1e6);
    }

    private static double cpu(GatewayProcess gateway) {
        return ProcessUsage.of(List.of(gateway.pid())).cpuSeconds();
    }

    private static void enter(Measurement found, String name, long[] sorted) {
        if (sorted.length == 0) {
            throw new IllegalStateException(name + "nothing ended within the time");
        }
        found.put(name + "p50, ms", sorted[sorted.length / 2] / 1e6);
        found.put(name + "p99, ms", sorted[(int) (sorted.length * 0.99)] / 1e6);
        found.put(name + "max, ms", sorted[sorted.length - 1] / 1e6);
    }

    private static String table(Map<String, Measurement> results) {
        StringBuilder table = new StringBuilder("\n| |");
        results.keySet().forEach(name -> table.append(' ').append(name).append(" |"));
        table.append("\n|---|").append("---:|".repeat(results.size())).append('\n');
        results.values().stream()
                .flatMap(each -> each.figures().keySet().stream())
                .distinct()
                .forEach(
                        figure -> {
                            table.append("| ").append(figure).append(" |");
                            results.values()
                                    .forEach(
                                            each ->
                                                    table.append(
                                                            " %.2f |".formatted(each.get(figure))));
                            table.append('\n');
                        });
        return table.toString();
    }
}
