package io.fleuve.conformance.exactlyonce;

import static org.awaitility.Awaitility.await;

import io.fleuve.conformance.platform.FleuvePlatform;
import io.fleuve.conformance.platform.PlatformUnderTest;
import io.fleuve.conformance.platform.Subject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.core.ConditionTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills an application again and again while its input comes, and compares what it has written with
 * what the same application writes that nobody disturbs: record for record, in the order of each
 * key.
 */
final class ExactlyOnceRun {

    private static final Logger LOGGER = LoggerFactory.getLogger(ExactlyOnceRun.class);
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int PARTITIONS = 2;
    private static final int BEFORE = 500;

    /** An input record makes one record of each of its two outputs. */
    private static final int OUTPUTS = 2;

    /**
     * How a run goes.
     *
     * @param kills how often the application is killed: alone, with the broker, with the database
     * @param between records of output, at least, from one kill to the next
     */
    record Plan(long seed, int kills, int between) {}

    /**
     * What came of it.
     *
     * @param input records
     * @param output records of the application that was killed
     * @param differences to the other one's; none if the platform has passed
     */
    record Result(Plan plan, Duration time, long input, long output, List<String> differences) {

        String toMarkdown() {
            return """
            | | |
            |---|---|
            | seed; kills; time | %d; %d; %d s |
            | input records | %,d |
            | output records | %,d |
            | differences to an undisturbed application | %d |
            """
                    .formatted(
                            plan.seed(),
                            plan.kills(),
                            time.toSeconds(),
                            input,
                            output,
                            differences.size());
        }
    }

    /** An output record but for its key. */
    record Update(String value, long timestamp) {}

    private final Plan plan;
    private final PlatformUnderTest platform;

    private ExactlyOnceRun(Plan plan, PlatformUnderTest platform) {
        this.plan = plan;
        this.platform = platform;
    }

    /** Runs it, on a platform of its own; on Apache Kafka if that stands in for Fleuve. */
    static Result run(Plan plan) throws Exception {
        try (PlatformUnderTest platform = Subject.start()) {
            return new ExactlyOnceRun(plan, platform).run();
        }
    }

    private Result run() throws Exception {
        long start = System.nanoTime();
        createTopics();
        long input;
        List<String> differences;
        Map<String, List<Update>> killed;
        try (Readings readings =
                        new Readings(
                                platform.bootstrapServers(), "readings", PARTITIONS, plan.seed());
                Output output = new Output("killed")) {
            readings.send(BEFORE);
            readings.start();
            try (Application application = application("killed")) {
                for (int kill = 0; kill < plan.kills(); kill++) {
                    long target = output.records() + plan.between();
                    awaitRecords(application, output, target);
                    kill(application, kill);
                }
                input = readings.finish();
                awaitRecords(application, output, input * OUTPUTS);
                application.stop();
            }
            differences = new ArrayList<>(readings.violations());
            output.readToEnd();
            killed = output.updates();
        }
        Map<String, List<Update>> undisturbed;
        try (Output output = new Output("undisturbed");
                Application application = application("undisturbed")) {
            awaitRecords(application, output, input * OUTPUTS);
            application.stop();
            output.readToEnd();
            undisturbed = output.updates();
        }
        differences.addAll(differences(undisturbed, killed));
        return new Result(
                plan,
                Duration.ofNanos(System.nanoTime() - start),
                input,
                killed.values().stream().mapToLong(List::size).sum(),
                differences);
    }

    /** Where the second differs from the first, once a key. */
    static List<String> differences(
            Map<String, List<Update>> expected, Map<String, List<Update>> actual) {
        List<String> differences = new ArrayList<>();
        Stream.concat(expected.keySet().stream(), actual.keySet().stream())
                .distinct()
                .sorted()
                .forEach(
                        key -> {
                            List<Update> due = expected.getOrDefault(key, List.of());
                            List<Update> is = actual.getOrDefault(key, List.of());
                            int same = 0;
                            while (same < Math.min(due.size(), is.size())
                                    && due.get(same).equals(is.get(same))) {
                                same++;
                            }
                            if (same < Math.max(due.size(), is.size())) {
                                differences.add(
                                        "%s: %d records where %d are due; number %d is %s, due is %s"
                                                .formatted(
                                                        key,
                                                        is.size(),
                                                        due.size(),
                                                        same,
                                                        at(is, same),
                                                        at(due, same)));
                            }
                        });
        return differences;
    }

    private static String at(List<Update> updates, int index) {
        return index < updates.size() ? updates.get(index).toString() : "missing";
    }

    private void kill(Application application, int number)
            throws IOException, InterruptedException {
        boolean withBroker = number % 3 == 1;
        boolean withDatabase = number % 3 == 2 && platform instanceof FleuvePlatform;
        LOGGER.atInfo()
                .addKeyValue("number", number + 1)
                .addKeyValue("broker", withBroker)
                .addKeyValue("database", withDatabase)
                .log("killing the application");
        application.kill();
        if (withBroker) {
            platform.kill();
            platform.restart();
        }
        if (withDatabase && platform instanceof FleuvePlatform fleuve) {
            fleuve.postgres().kill();
            fleuve.postgres().restart();
        }
        if (number % 4 == 2) {
            application.loseState();
        }
        application.relaunch();
    }

    private static void awaitRecords(Application application, Output output, long records)
            throws IOException {
        try {
            awaitRecords(application, output, records, PATIENCE);
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException(
                    "the application stands still at %d of %d records:%n%s"
                            .formatted(output.records(), records, application.log()),
                    e);
        }
    }

    private static void awaitRecords(
            Application application, Output output, long records, Duration patience) {
        await().atMost(patience)
                .until(
                        () -> {
                            if (!application.isAlive()) {
                                throw new IllegalStateException(
                                        "the application ended:\n" + application.log());
                            }
                            output.poll();
                            return output.records() >= records;
                        });
    }

    private Application application(String id) throws IOException {
        return new Application(platform.bootstrapServers(), id, "readings", topics(id));
    }

    private static List<String> topics(String id) {
        return List.of(id + "-totals", id + "-windows");
    }

    private void createTopics() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", platform.bootstrapServers()))) {
            List<String> names = new ArrayList<>(List.of("readings"));
            names.addAll(topics("killed"));
            names.addAll(topics("undisturbed"));
            admin.createTopics(
                            names.stream()
                                    .map(name -> new NewTopic(name, PARTITIONS, (short) 1))
                                    .toList())
                    .all()
                    .get();
        }
    }

    /** What an application has written and committed, by topic and key. */
    private final class Output implements AutoCloseable {

        private final KafkaConsumer<String, String> consumer;
        private final List<TopicPartition> partitions;
        private final Map<String, List<Update>> updates = new TreeMap<>();
        private final int prefix;
        private long records;

        Output(String id) {
            prefix = id.length() + 1;
            partitions =
                    topics(id).stream()
                            .flatMap(
                                    topic ->
                                            IntStream.range(0, PARTITIONS)
                                                    .mapToObj(i -> new TopicPartition(topic, i)))
                            .toList();
            consumer =
                    new KafkaConsumer<>(
                            Map.of(
                                    "bootstrap.servers",
                                    platform.bootstrapServers(),
                                    "isolation.level",
                                    "read_committed",
                                    "enable.auto.commit",
                                    false,
                                    "auto.offset.reset",
                                    "none",
                                    "request.timeout.ms",
                                    10_000),
                            new StringDeserializer(),
                            new StringDeserializer());
            consumer.assign(partitions);
            partitions.forEach(partition -> consumer.seek(partition, 0));
        }

        void poll() {
            consumer.poll(Duration.ofMillis(100))
                    .forEach(
                            found -> {
                                String key = found.topic().substring(prefix) + " " + found.key();
                                updates.computeIfAbsent(key, _ -> new ArrayList<>())
                                        .add(new Update(found.value(), found.timestamp()));
                                records++;
                            });
        }

        /** To the end of what is committed, when nobody writes any more. */
        void readToEnd() {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            await().atMost(PATIENCE)
                    .until(
                            () -> {
                                poll();
                                return ends.entrySet().stream()
                                        .allMatch(
                                                end ->
                                                        consumer.position(end.getKey())
                                                                >= end.getValue());
                            });
        }

        long records() {
            return records;
        }

        Map<String, List<Update>> updates() {
            return updates;
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
