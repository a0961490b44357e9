package io.fleuve.conformance.exactlyonce;

import static org.awaitility.Awaitility.await;

import io.fleuve.conformance.clients.HeavyJob;
import io.fleuve.conformance.platform.ApacheKafkaPlatform;
import io.fleuve.conformance.platform.FleuvePlatform;
import io.fleuve.conformance.platform.PlatformUnderTest;
import io.fleuve.conformance.platform.Subject;
import io.fleuve.kafkapeer.ApacheKafka;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.IsolationLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink copies numbers exactly once, is killed and goes on from its last checkpoint, as is what it
 * stands on; Spark and a plain consumer read what is committed meanwhile; at the end all of it is
 * audited.
 */
final class CopyRun {

    private static final Logger LOGGER = LoggerFactory.getLogger(CopyRun.class);
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String INPUT = "numbers";
    private static final String OUTPUT = "copies";
    private static final int INPUT_PARTITIONS = 2;
    private static final int OUTPUT_PARTITIONS = 3;
    private static final int GROUPS = 8;

    /** Who gets a SIGKILL. */
    enum Crash {
        FLINK,
        BROKER,
        DATABASE,
        FLINK_AND_BROKER,
        FLINK_AND_DATABASE;

        /** Whether a single one is among those whom this one hits. */
        boolean hits(Crash one) {
            return this == one
                    || (this == FLINK_AND_BROKER && (one == FLINK || one == BROKER))
                    || (this == FLINK_AND_DATABASE && (one == FLINK || one == DATABASE));
        }
    }

    /**
     * How a run goes.
     *
     * @param naming how Flink names transactional ids: {@code INCREMENTING} or {@code POOLING}
     * @param crashes one after the other
     * @param between committed numbers, at least, from one crash to the next, with those of a
     *     transaction of a Flink that was started again among them
     */
    record Plan(String naming, List<Crash> crashes, int between) {}

    /**
     * What came of it.
     *
     * @param numbers sent
     * @param transactions committed that had records
     * @param aborted records of transactions that were aborted
     * @param sparkBatches that Spark's stream had completed before it was to read to the end
     * @param violations none if the platform has passed
     */
    record Result(
            Plan plan,
            Duration time,
            long numbers,
            int transactions,
            int abortedTransactions,
            int aborted,
            int sparkBatches,
            List<String> violations) {

        String toMarkdown() {
            return """
            | | |
            |---|---|
            | naming of transactional ids; time | %s; %d s |
            | crashes | %s |
            | numbers | %,d |
            | transactions committed; aborted; records of these | %,d; %,d; %,d |
            | batches of Spark's stream | %,d |
            | violations | %d |
            """
                    .formatted(
                            plan.naming(),
                            time.toSeconds(),
                            plan.crashes().stream()
                                    .map(Crash::name)
                                    .collect(Collectors.joining(", ")),
                            numbers,
                            transactions,
                            abortedTransactions,
                            aborted,
                            sparkBatches,
                            violations.size());
        }
    }

    private final Plan plan;
    private final PlatformUnderTest platform;
    private final Path directory;
    private final HeavyJob flinkJobs;
    private final HeavyJob sparkJobs;

    private CopyRun(
            Plan plan,
            PlatformUnderTest platform,
            Path directory,
            HeavyJob flinkJobs,
            HeavyJob sparkJobs) {
        this.plan = plan;
        this.platform = platform;
        this.directory = directory;
        this.flinkJobs = flinkJobs;
        this.sparkJobs = sparkJobs;
    }

    /**
     * Runs it, on a platform of its own; on Apache Kafka if that stands in for Fleuve.
     *
     * @param flink built
     * @param spark built
     */
    static Result run(Plan plan, HeavyJob flink, HeavyJob spark) throws Exception {
        Path directory = Files.createTempDirectory("copies-");
        try (PlatformUnderTest platform = platform()) {
            return new CopyRun(plan, platform, directory, flink, spark).run();
        } finally {
            keepLogs(directory);
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
    }

    /** What the jobs have said stays for who looks. */
    private static void keepLogs(Path directory) throws IOException {
        for (String log : List.of("flink.log", "spark.log")) {
            if (Files.exists(directory.resolve(log))) {
                Files.copy(
                        directory.resolve(log),
                        Path.of("target", "copies-" + log),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Apache Kafka refuses the hour that Flink asks for unless it is told otherwise. */
    private static PlatformUnderTest platform() {
        return Subject.isStandIn()
                ? new ApacheKafkaPlatform(
                        ApacheKafka.builder().property("transaction.max.timeout.ms", "3600000"))
                : FleuvePlatform.start();
    }

    private Result run() throws Exception {
        long start = System.nanoTime();
        createTopics();
        try (Numbers numbers = new Numbers(platform.bootstrapServers(), INPUT, INPUT_PARTITIONS);
                CopyReader live = reader(IsolationLevel.READ_COMMITTED);
                CopyReader open = reader(IsolationLevel.READ_UNCOMMITTED)) {
            numbers.start();
            FlinkCopy flink =
                    new FlinkCopy(
                            flinkJobs,
                            directory,
                            platform.bootstrapServers(),
                            INPUT,
                            OUTPUT,
                            GROUPS,
                            plan.naming());
            SparkReader spark =
                    new SparkReader(sparkJobs, directory, platform.bootstrapServers(), OUTPUT);
            try {
                awaitProgress(flink, spark, live, true);
                for (Crash crash : plan.crashes()) {
                    // With something to lose: records in a transaction that is open.
                    awaitThat(flink, spark, live, () -> !open.ends().equals(live.ends()));
                    boolean begun = crash(crash, flink);
                    awaitProgress(flink, spark, live, begun);
                }
                long sent = numbers.finish();
                awaitThat(flink, spark, live, () -> live.numbers() >= sent);
                flink.kill();
                int batches = spark.batches();
                spark.finish();
                Duration time = Duration.ofNanos(System.nanoTime() - start);
                return audit(sent, numbers, live, open, spark, batches, time);
            } finally {
                flink.kill();
                spark.kill();
            }
        }
    }

    private Result audit(
            long sent,
            Numbers numbers,
            CopyReader live,
            CopyReader open,
            SparkReader spark,
            int batches,
            Duration time)
            throws IOException {
        List<String> violations = new ArrayList<>(numbers.violations());
        if (!open.ends().equals(live.ends())) {
            violations.add(
                    "a transaction is open at the end: committed up to %s of %s"
                            .formatted(live.ends(), open.ends()));
        }
        List<Copy> uncommitted = open.readToEnd(PATIENCE);
        List<Copy> committed;
        try (CopyReader last = reader(IsolationLevel.READ_COMMITTED)) {
            committed = last.readToEnd(PATIENCE);
        }
        Map<String, List<Copy>> views = new LinkedHashMap<>();
        views.put("the consumer", live.readToEnd(PATIENCE));
        views.put("Spark's stream", spark.stream());
        views.put("Spark's table", spark.table());
        violations.addAll(new CopyAudit(sent, GROUPS).violations(committed, uncommitted, views));
        Set<String> visible = transactions(committed);
        Set<String> aborted = transactions(uncommitted);
        aborted.removeAll(visible);
        return new Result(
                plan,
                time,
                sent,
                visible.size(),
                aborted.size(),
                uncommitted.size() - committed.size(),
                batches,
                violations);
    }

    private static Set<String> transactions(List<Copy> copies) {
        return copies.stream()
                .map(Copy::transaction)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Returns whether Flink was started again. */
    private boolean crash(Crash crash, FlinkCopy flink) throws IOException, InterruptedException {
        LOGGER.atInfo().addKeyValue("whom", crash).log("killing");
        if (crash.hits(Crash.FLINK)) {
            flink.kill();
        }
        if (crash.hits(Crash.BROKER)) {
            platform.kill();
        }
        // Apache Kafka has no database.
        if (crash.hits(Crash.DATABASE) && platform instanceof FleuvePlatform fleuve) {
            fleuve.postgres().kill();
            fleuve.postgres().restart();
        }
        if (crash.hits(Crash.BROKER)) {
            platform.restart();
        }
        if (crash.hits(Crash.FLINK)) {
            flink.restart();
        }
        return crash.hits(Crash.FLINK);
    }

    /**
     * Until Flink has committed more than what was under way, and Spark has read something.
     *
     * @param begun whether it has just been started, so that its subtasks live anew
     */
    private void awaitProgress(FlinkCopy flink, SparkReader spark, CopyReader live, boolean begun)
            throws IOException {
        live.readToEnd(PATIENCE);
        int batches = spark.batches() + 1;
        int numbers = live.numbers() + plan.between();
        int lives = live.lives() + (begun ? 1 : 0);
        awaitThat(
                flink,
                spark,
                live,
                () ->
                        live.numbers() >= numbers
                                && live.lives() >= lives
                                && spark.batches() >= batches);
    }

    private static void awaitThat(
            FlinkCopy flink, SparkReader spark, CopyReader live, Callable<Boolean> condition) {
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            flink.check();
                            spark.check();
                            live.poll();
                            return condition.call();
                        });
    }

    private CopyReader reader(IsolationLevel level) {
        return new CopyReader(platform.bootstrapServers(), OUTPUT, OUTPUT_PARTITIONS, level);
    }

    private void createTopics() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", platform.bootstrapServers()))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(INPUT, INPUT_PARTITIONS, (short) 1),
                                    new NewTopic(OUTPUT, OUTPUT_PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }
}
