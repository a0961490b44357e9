package io.fleuve.conformance.faults;

import io.fleuve.conformance.faults.FaultedCluster.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Producers, tail readers and groups at a steady pace, while faults are injected one after the
 * other; then the audit. Which fault comes when, for how long and whom it hits follows from the
 * seed.
 */
final class FaultRun {

    private static final String TOPIC = "faults";
    private static final int PARTITIONS = 4;
    private static final Duration FINISH_LIMIT = Duration.ofMinutes(5);

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
    private final Progress progress = new Progress(PARTITIONS);
    private final FaultSchedule schedule;
    private final List<String> violations = new ArrayList<>();

    private FaultRun(Plan plan, FaultedCluster cluster) {
        this.plan = plan;
        this.cluster = cluster;
        this.schedule =
                new FaultSchedule(
                        new FaultSchedule.Settings(
                                plan.seed(), plan.scale(), plan.calm(), plan.faults()),
                        cluster,
                        progress);
    }

    /** Runs it, on a cluster of its own. */
    static FaultReport run(Plan plan) throws Exception {
        try (FaultedCluster cluster = FaultedCluster.fleuve(plan.brokers())) {
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
        schedule.awaitRecovery(System.nanoTime(), "the beginning");
        schedule.injectUntil(start + plan.time().toNanos());
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
        violations.addAll(schedule.violations());
        violations.addAll(log.violations());
        violations.addAll(audit.violations());
        violations.addAll(load.violations());
        for (Follower follower : followers) {
            violations.addAll(follower.copy().violations());
            log.compare(follower.copy(), violations);
        }
        groups.forEach(group -> violations.addAll(group.violations()));
        for (Node node : cluster.nodes()) {
            if (!node.isAlive()) {
                violations.add("a broker has ended by itself");
            }
        }
        cluster.errors().stream()
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
                load.errors(),
                schedule.outages(),
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
