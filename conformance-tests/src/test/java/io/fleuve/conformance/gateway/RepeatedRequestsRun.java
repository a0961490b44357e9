package io.fleuve.conformance.gateway;

import io.fleuve.conformance.gateway.RepeatingClient.Message;
import io.fleuve.conformance.platform.PlatformUnderTest;
import io.fleuve.conformance.platform.Subject;
import io.fleuve.gateway.CommittedRecords;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Two gateways, of which one after the other is killed; clients that lose answers and repeat their
 * requests; then an audit of what is in the topics.
 */
final class RepeatedRequestsRun {

    private static final int PARTITIONS = 4;

    private RepeatedRequestsRun() {}

    /**
     * What is to be done.
     *
     * @param every how long a gateway lives, or its peer
     */
    record Plan(long seed, Duration duration, Duration every, int clients) {}

    static RepeatedRequestsReport run(Plan plan) throws Exception {
        Path logs = Files.createDirectories(Path.of(System.getProperty("logs", "target")));
        try (PlatformUnderTest platform = Subject.start()) {
            String bootstrap = platform.bootstrapServers();
            try (GatewayProcess one = launch(bootstrap, logs.resolve("gateway-1.log"));
                    GatewayProcess two = launch(bootstrap, logs.resolve("gateway-2.log"));
                    HttpClient http =
                            HttpClient.newBuilder()
                                    .version(HttpClient.Version.HTTP_1_1)
                                    .connectTimeout(Duration.ofSeconds(5))
                                    .build()) {
                one.awaitReady(http);
                two.awaitReady(http);
                return run(plan, platform, List.of(one, two), http);
            }
        }
    }

    private static GatewayProcess launch(String bootstrap, Path log) {
        return GatewayProcess.launch(
                bootstrap,
                log,
                "--fleuve.gateway.transactions.timeout=3s",
                "--fleuve.gateway.idempotency.take-over-after=4s");
    }

    private static RepeatedRequestsReport run(
            Plan plan, PlatformUnderTest platform, List<GatewayProcess> gateways, HttpClient http)
            throws Exception {
        String bootstrap = platform.bootstrapServers();
        String topic = "once-" + UUID.randomUUID();
        String second = "once-too-" + UUID.randomUUID();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(topic, PARTITIONS, (short) 1),
                                    new NewTopic(second, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
        AtomicBoolean ended = new AtomicBoolean();
        List<String> urls = gateways.stream().map(GatewayProcess::url).toList();
        List<RepeatingClient> clients =
                IntStream.range(0, plan.clients())
                        .mapToObj(
                                i ->
                                        new RepeatingClient(
                                                i, urls, topic, second, http, plan.seed(), ended))
                        .toList();
        List<Thread> threads =
                clients.stream().map(client -> Thread.ofVirtual().start(client)).toList();
        int kills = killInTurn(plan, gateways, http);
        ended.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        List<String> violations = new ArrayList<>();
        clients.forEach(client -> violations.addAll(client.violations));
        List<Message> expected = clients.stream().flatMap(c -> c.messages.stream()).toList();
        audit(bootstrap, List.of(topic, second), expected, violations);
        return new RepeatedRequestsReport(
                platform.name(),
                expected.size(),
                clients.stream().mapToLong(c -> c.requests).sum(),
                clients.stream().mapToLong(c -> c.responsesLost).sum(),
                clients.stream().mapToLong(c -> c.replayed).sum(),
                clients.stream().mapToLong(c -> c.conflicts).sum(),
                clients.stream().mapToLong(c -> c.failures).sum(),
                kills,
                clients.stream().mapToLong(c -> c.longestMs).max().orElse(0),
                List.copyOf(violations));
    }

    /** Kills one gateway after the other, each started again before the next one dies. */
    private static int killInTurn(Plan plan, List<GatewayProcess> gateways, HttpClient http) {
        long end = System.nanoTime() + plan.duration().toNanos();
        int kills = 0;
        while (true) {
            long left = end - System.nanoTime();
            LockSupport.parkNanos(Math.max(0, Math.min(plan.every().toNanos(), left)));
            if (System.nanoTime() >= end) {
                return kills;
            }
            GatewayProcess victim = gateways.get(kills % gateways.size());
            victim.kill();
            victim.relaunch();
            victim.awaitReady(http);
            kills++;
        }
    }

    /** Each message once, where its answer says, and nothing else. */
    private static void audit(
            String bootstrap,
            List<String> topics,
            List<Message> expected,
            List<String> violations) {
        Map<String, List<String>> found = new HashMap<>();
        int records = 0;
        List<TopicPartition> partitions =
                topics.stream()
                        .flatMap(
                                topic ->
                                        IntStream.range(0, PARTITIONS)
                                                .mapToObj(p -> new TopicPartition(topic, p)))
                        .toList();
        for (ConsumerRecord<String, String> record : CommittedRecords.of(bootstrap, partitions)) {
            records++;
            found.computeIfAbsent(record.topic() + " " + record.value(), _ -> new ArrayList<>())
                    .add(record.partition() + "@" + record.offset());
        }
        for (Message message : expected) {
            String name = message.topic() + " " + message.value();
            List<String> places = found.getOrDefault(name, List.of());
            if (!places.equals(List.of(message.partition() + "@" + message.offset()))) {
                violations.add(
                        "%s was said to be at %d@%d, but is at %s"
                                .formatted(name, message.partition(), message.offset(), places));
            }
        }
        if (records != expected.size()) {
            violations.add(
                    "there are %d records for %d messages".formatted(records, expected.size()));
        }
    }
}
