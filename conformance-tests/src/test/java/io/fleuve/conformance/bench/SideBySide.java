package io.fleuve.conformance.bench;

import static org.awaitility.Awaitility.await;

import io.fleuve.conformance.platform.PlatformUnderTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * One run of Apache Kafka and Fleuve, one after the other on the same machine, each with the same
 * heap, loaded by Kafka's own {@code ProducerPerformance}, {@code ConsumerPerformance} and {@code
 * EndToEndLatency}. Prints a table with ratios; absolute figures are those of the machine.
 *
 * <p>System properties: {@code records} of 1 kB (1000000), {@code latencyRecords} of 100 B (10000),
 * {@code heap} (1g).
 */
public final class SideBySide {

    private static final int RECORD_BYTES = 1_000;
    private static final int PARTITIONS = 6;
    private static final int WARM_UP_RECORDS = 100_000;
    private static final double GIGABYTE = 1e9;
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration PRODUCING = Duration.ofSeconds(10);

    private final int records = Integer.getInteger("records", 1_000_000);
    private final int latencyRecords = Integer.getInteger("latencyRecords", 10_000);
    private final String heap = System.getProperty("heap", "1g");

    public static void main(String[] args) throws Exception {
        new SideBySide().run();
    }

    private void run() throws Exception {
        System.out.print(
                PlatformComparison.run(
                                heap,
                                System.getProperty("only", ""),
                                (_, platform) -> measure(platform))
                        .toMarkdown());
    }

    private Measurement measure(Supplier<PlatformUnderTest> start) throws Exception {
        Measurement measured = new Measurement();
        long before = System.nanoTime();
        try (PlatformUnderTest platform = start.get()) {
            measured.put("start to first answer, s", (System.nanoTime() - before) / 1e9);
            measured.put("memory idle, MB", usage(platform).memoryBytes() / 1e6);
            produce(platform, topic(platform, PARTITIONS), WARM_UP_RECORDS);
            String topic = topic(platform, PARTITIONS);
            double gigabytes = (double) records * RECORD_BYTES / GIGABYTE;

            ProcessUsage idle = usage(platform);
            String produced = produce(platform, topic, records);
            ProcessUsage afterProduce = usage(platform);
            System.out.println(produced);
            measured.put(
                    "produce, MB/s",
                    figure(produced, "records/sec \\(([0-9.]+) MB/sec\\)") * 1.048576);
            measured.put("produce p50, ms", figure(produced, "([0-9.]+) ms 50th"));
            measured.put("produce p99, ms", figure(produced, "([0-9.]+) ms 99th"));
            measured.put(
                    "CPU a GB produced, s",
                    (afterProduce.cpuSeconds() - idle.cpuSeconds()) / gigabytes);

            double consumed = consume(platform, topic);
            ProcessUsage afterConsume = usage(platform);
            measured.put("consume, MB/s", consumed);
            measured.put(
                    "CPU a GB consumed, s",
                    (afterConsume.cpuSeconds() - afterProduce.cpuSeconds()) / gigabytes);
            measured.put("memory after load, MB", afterConsume.memoryBytes() / 1e6);

            platform.restart();
            forgetPages();
            ProcessUsage restarted = usage(platform);
            measured.put("catch-up from disk, MB/s", consume(platform, topic));
            measured.put(
                    "CPU a GB caught up, s",
                    (usage(platform).cpuSeconds() - restarted.cpuSeconds()) / gigabytes);

            for (int connections : new int[] {1, 10, 100}) {
                String each = topic(platform, PARTITIONS);
                ProduceLatency.of(platform, each, PARTITIONS, connections, WARM_UP);
                ProduceLatency found =
                        ProduceLatency.of(platform, each, PARTITIONS, connections, PRODUCING);
                String at = " at %d connections".formatted(connections);
                measured.put("acknowledgements a second" + at, found.rate());
                measured.put("acknowledgement p50, ms" + at, found.medianMs());
                measured.put("acknowledgement p99, ms" + at, found.p99Ms());
            }

            String latency = latency(platform);
            System.out.println(latency);
            measured.put(
                    "end-to-end latency avg, ms", figure(latency, "Avg latency: ([0-9.]+) ms"));
            measured.put("end-to-end latency p50, ms", figure(latency, "50th = ([0-9.]+)"));
            measured.put("end-to-end latency p99, ms", figure(latency, "99th = ([0-9.]+)"));
        }
        return measured;
    }

    /** Lets the kernel drop what it keeps of files, if this process may ask for that. */
    private static void forgetPages() {
        try {
            Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3");
        } catch (IOException e) {
            System.out.println("files stay in the page cache: " + e.getMessage());
        }
    }

    private String produce(PlatformUnderTest platform, String topic, int count) throws Exception {
        return tool(
                "ProducerPerformance",
                "--bootstrap-server",
                platform.bootstrapServers(),
                "--topic",
                topic,
                "--num-records",
                "" + count,
                "--record-size",
                "" + RECORD_BYTES,
                "--throughput",
                "-1",
                "--command-property",
                "acks=all",
                "batch.size=65536",
                "linger.ms=5");
    }

    /** The tool's own rate counts from before it joins its group; this leaves the joining out. */
    private double consume(PlatformUnderTest platform, String topic) throws Exception {
        String line =
                tool(
                        "ConsumerPerformance",
                        "--bootstrap-server",
                        platform.bootstrapServers(),
                        "--topic",
                        topic,
                        "--num-records",
                        "" + records,
                        "--timeout",
                        "60000",
                        "--hide-header");
        System.out.println(line);
        // start, end, MB, MB/s, records, records/s, rebalance ms, fetch ms, fetch MB/s, fetch
        // records/s
        String[] fields = line.strip().split(",", -1);
        return Double.parseDouble(fields[fields.length - 2].strip()) * 1.048576;
    }

    private String latency(PlatformUnderTest platform) throws Exception {
        return tool(
                "EndToEndLatency",
                "--bootstrap-server",
                platform.bootstrapServers(),
                "--topic",
                topic(platform, 1),
                "--num-records",
                "" + latencyRecords,
                "--producer-acks",
                "all",
                "--record-size",
                "100");
    }

    /** Creates a topic, and returns when its partitions are led. */
    static String topic(PlatformUnderTest platform, int partitions) throws Exception {
        String topic = "bench-" + UUID.randomUUID();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", platform.bootstrapServers()))) {
            admin.createTopics(
                            List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
                    .all()
                    .get();
            // Apache Kafka answers before all of its partitions are led.
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            for (int i = 0; i < partitions; i++) {
                ends.put(new TopicPartition(topic, i), OffsetSpec.latest());
            }
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> admin.listOffsets(ends).all().get().size() == partitions);
        }
        return topic;
    }

    private static ProcessUsage usage(PlatformUnderTest platform) {
        return ProcessUsage.of(platform.processes());
    }

    /**
     * Runs a tool of Apache Kafka in a JVM of its own, and returns the last lines that it wrote.
     */
    private static String tool(String name, String... arguments)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "-XX:+UseG1GC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "org.apache.kafka.tools." + name));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(name + " failed:\n" + output);
        }
        List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
        return String.join(
                "\n",
                lines.subList(
                        Math.max(0, lines.size() - (name.startsWith("End") ? 4 : 1)),
                        lines.size()));
    }

    private static double figure(String output, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(output);
        if (!matcher.find()) {
            throw new IllegalStateException("no '%s' in:%n%s".formatted(pattern, output));
        }
        return Double.parseDouble(matcher.group(1));
    }
}
