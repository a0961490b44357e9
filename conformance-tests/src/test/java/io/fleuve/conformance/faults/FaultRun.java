package io.fleuve.conformance.faults;

import io.fleuve.conformance.faults.FaultReport.Outage;
import io.fleuve.conformance.faults.FaultedCluster.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Producers, tail readers and groups at a steady pace, while faults are injected one after the
 * other; then the audit. Which fault comes when, for how long and whom it hits follows from the
 * seed.
 */
final class FaultRun {

    private static final Logger LOGGER = LoggerFactory.getLogger(FaultRun.class);

    private static final String TOPIC = "faults";
    private static final int PARTITIONS = 4;
    private static final Duration RECOVERY_LIMIT = Duration.ofMinutes(3);
    private static final Duration FINISH_LIMIT = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(20);

    /** Errors that the faults themselves are, as the broker rightly tells its operator. */
    private static final List<String> EXPECTED =
            List.of(
                    "The store does not take writes",
                    // Apache Kafka's library calls it unexpected that its log cannot be written.
                    "Failed to write records to __consumer_offsets",
                    // Its timers, too, when another broker has just taken the shard over.
                    "failed due to append to __consumer_offsets",
                    // Spring's, when a connection is cut within a transaction that then fails.
                    "Application exception overridden by rollback exception",
                    "HikariPool",
                    "SqlExceptionHelper");

    /**
     * How a run goes.
     *
     * @param time how long faults are injected
     * @param recordsPerSecond of each producer
     * @param scale what share of its longest time a fault may last
     * @param calm the longest pause between two faults
     */
    record Plan(
            long seed,
            int brokers,
            Duration time,
            int recordsPerSecond,
            double scale,
            Duration calm,
            List<Fault> faults) {

        /** All kinds of faults. */
        static final List<Fault> ALL = List.of(Fault.values());
    }

    private final Plan plan;
    private final FaultedCluster cluster;
    private final SplittableRandom random;
    private final Progress progress = new Progress(PARTITIONS);
    private final Map<Fault, Outage> outages = Outage.none();
    private final List<String> violations = new ArrayList<>();

    private FaultRun(Plan plan, FaultedCluster cluster) {
        this.plan = plan;
        this.cluster = cluster;
        this.random = new SplittableRandom(plan.seed());
    }

    /** Runs it, on a cluster of its own. */
    static FaultReport run(Plan plan) throws Exception {
        try (FaultedCluster cluster = new FaultedCluster(plan.brokers())) {
            return new FaultRun(plan, cluster).run();
        }
    }

    private FaultReport run() throws Exception {
        createTopic();
        String bootstrap = cluster.bootstrapServers();
        List<Follower> followers =
                List.of(
                        new Follower(bootstrap, TOPIC, PARTITIONS, "follower-0"),
                        new Follower(bootstrap, TOPIC, PARTITIONS, "follower-1"));
        List<GroupMembers> groups =
                List.of(
                        new GroupMembers(bootstrap, TOPIC, PARTITIONS, "classic"),
                        new GroupMembers(bootstrap, TOPIC, PARTITIONS, "consumer"));
        ProducerLoad load =
                new ProducerLoad(
                        bootstrap,
                        TOPIC,
                        PARTITIONS,
                        plan.seed(),
                        plan.recordsPerSecond(),
                        progress);
        long start = System.nanoTime();
        load.start();
        followers.forEach(Follower::start);
        groups.forEach(group -> group.start(2, group == groups.get(0) ? "classic" : "consumer"));
        awaitRecovery(System.nanoTime(), "the beginning");
        injectFaults(start + plan.time().toNanos());
        load.stop();
        Map<TopicPartition, Long> ends = ends();
        for (Follower follower : followers) {
            follower.finish(ends, FINISH_LIMIT);
        }
        for (GroupMembers group : groups) {
            group.finish(ends, FINISH_LIMIT);
        }
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        return audit(load, followers, groups, ends, time);
    }

    private void injectFaults(long end) throws IOException {
        List<Fault> round = new ArrayList<>();
        while (System.nanoTime() < end && violations.isEmpty()) {
            if (round.isEmpty()) {
                // Each kind comes once before any comes again.
                round.addAll(plan.faults());
                Collections.shuffle(round, new Random(random.nextLong()));
            }
            inject(round.removeLast());
            sleep(Duration.ofMillis(random.nextLong(plan.calm().toMillis() + 1)));
        }
    }

    private void inject(Fault fault) throws IOException {
        Node node = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
        double share = plan.scale() * (0.2 + 0.8 * random.nextDouble());
        Duration length = Duration.ofMillis((long) (fault.longest().toMillis() * share));
        progress.reset();
        LOGGER.atInfo()
                .addKeyValue("fault", fault)
                .addKeyValue("broker", cluster.nodes().indexOf(node) + 1)
                .addKeyValue("seconds", length.toMillis() / 1e3)
                .log("fault");
        long begin = System.nanoTime();
        fault.inject(cluster, node, length, random);
        long end = System.nanoTime();
        awaitRecovery(end, fault.toString());
        Outage.add(outages, fault, Duration.ofNanos(end - begin), progress.longestNanos());
        LOGGER.atInfo()
                .addKeyValue("fault", fault)
                .addKeyValue("longestSilence", progress.longestNanos() / 1e9)
                .log("recovered");
    }

    private void awaitRecovery(long since, String from) {
        long deadline = System.nanoTime() + RECOVERY_LIMIT.toNanos();
        while (!progress.allSince(since)) {
            if (System.nanoTime() > deadline) {
                violations.add(
                        "no partition-wide acknowledgements %s after %s"
                                .formatted(RECOVERY_LIMIT, from));
                return;
            }
            sleep(POLL);
        }
    }

    /** The run's own pace; what is awaited is asked for in between. */
    private static void sleep(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    private FaultReport audit(
            ProducerLoad load,
            List<Follower> followers,
            List<GroupMembers> groups,
            Map<TopicPartition, Long> ends,
            Duration time)
            throws IOException {
        LogAudit audit = new LogAudit(load.incarnations(), PARTITIONS);
        LogCopy log =
                Follower.readBack(cluster.bootstrapServers(), TOPIC, PARTITIONS, ends, audit::take);
        violations.addAll(log.violations());
        violations.addAll(audit.violations());
        violations.addAll(load.violations());
        for (Follower follower : followers) {
            violations.addAll(follower.copy().violations());
            log.compare(follower.copy(), violations);
        }
        groups.forEach(group -> violations.addAll(group.violations()));
        for (Node node : cluster.nodes()) {
            if (!node.broker().isAlive()) {
                violations.add("a broker has ended by itself");
            }
        }
        cluster.errors().stream()
                .filter(line -> EXPECTED.stream().noneMatch(line::contains))
                .limit(20)
                .forEach(line -> violations.add("in a broker's log: " + line));
        List<Incarnation> all = load.incarnations();
        return new FaultReport(
                plan.seed(),
                plan.brokers(),
                time,
                all.stream().mapToLong(Incarnation::sent).sum(),
                all.stream().mapToLong(Incarnation::acknowledged).sum(),
                all.stream().mapToLong(Incarnation::refused).sum(),
                load.retries(),
                all.size() - ProducerKind.values().length,
                audit.records(),
                audit.duplicates(),
                followers.size(),
                groups.stream().mapToLong(GroupMembers::commits).sum(),
                groups.stream().mapToLong(GroupMembers::failedCommits).sum(),
                groups.stream().mapToLong(GroupMembers::rebalances).sum(),
                outages,
                violations);
    }

    private void createTopic() throws InterruptedException, ExecutionException {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
        }
    }

    private Map<TopicPartition, Long> ends() throws InterruptedException, ExecutionException {
        try (Admin admin = admin()) {
            return admin
                    .listOffsets(
                            IntStream.range(0, PARTITIONS)
                                    .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                                    .collect(
                                            Collectors.toMap(
                                                    partition -> partition,
                                                    _ -> OffsetSpec.latest())))
                    .all()
                    .get()
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()));
    }
}
