package io.fleuve.conformance.transactions;

import io.fleuve.conformance.faults.Fault;
import io.fleuve.conformance.faults.FaultSchedule;
import io.fleuve.conformance.faults.FaultedCluster;
import io.fleuve.conformance.faults.FaultedCluster.Node;
import io.fleuve.conformance.faults.Progress;
import io.fleuve.conformance.platform.Subject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Transactional producers, processors and readers at both isolation levels, while faults are
 * injected one after the other; then the audit. What a client does and which fault comes when
 * follows from the seed.
 */
final class TransactionRun {

    private static final int GROUPS = 2;
    private static final int MEMBERS = 2;
    private static final int TIMEOUT_MS = 8_000;
    private static final Duration FINISH_LIMIT = Duration.ofMinutes(4);
    private static final int MAX_TRIES = 3;
    private static final Duration POLL = Duration.ofMillis(200);

    /**
     * How a run goes.
     *
     * @param time how long faults are injected
     * @param producers that append, beside the processors
     * @param pauseMs the longest pause of a producer between two transactions
     * @param scale what share of its longest time a fault may last
     * @param calm the longest pause between two faults
     */
    record Plan(
            long seed,
            int brokers,
            Duration time,
            int producers,
            int pauseMs,
            double scale,
            Duration calm) {}

    /** All that can happen to the platform, but for those of the property {@code without}. */
    private static List<Fault> faults() {
        List<Fault> faults = Subject.isStandIn() ? Fault.ofAnyBroker() : List.of(Fault.values());
        // After it a single node of Apache Kafka was seen to show values of aborted transactions;
        // why,
        // is not known.
        String excepted = Subject.isStandIn() ? Fault.BROKER_KILLED.name() : "";
        Set<String> without = Set.of(System.getProperty("without", excepted).split(",", -1));
        return faults.stream().filter(fault -> !without.contains(fault.name())).toList();
    }

    private final Plan plan;
    private final FaultedCluster cluster;
    private final History history = new History();
    private final OpenTransactions open = new OpenTransactions();
    private final Progress progress;
    private final FaultSchedule schedule;
    private final List<Appender> appenders = new ArrayList<>();
    private final List<Processor> processors = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();

    private TransactionRun(Plan plan, FaultedCluster cluster) {
        this.plan = plan;
        this.cluster = cluster;
        this.progress = new Progress(plan.producers() + GROUPS * MEMBERS);
        this.schedule =
                new FaultSchedule(
                        new FaultSchedule.Settings(
                                plan.seed(), plan.scale(), plan.calm(), faults()),
                        cluster,
                        progress);
    }

    /** Runs it, on a cluster of its own; on Apache Kafka if that stands in for Fleuve. */
    static TransactionReport run(Plan plan) throws Exception {
        try (FaultedCluster cluster =
                Subject.isStandIn()
                        ? FaultedCluster.apacheKafka()
                        : FaultedCluster.fleuve(plan.brokers())) {
            return new TransactionRun(plan, cluster).run();
        }
    }

    private TransactionReport run() throws Exception {
        createTopics();
        make();
        long start = System.nanoTime();
        readers.forEach(Reader::start);
        List<Thread> appending = start(appenders, "appender-");
        List<Thread> processing = start(processors, "processor-");
        schedule.awaitRecovery(System.nanoTime(), "the beginning");
        schedule.injectUntil(start + plan.time().toNanos());
        processors.forEach(Processor::calm);
        appenders.forEach(Appender::stop);
        join(appending);
        awaitProcessed(readAll(true));
        processors.forEach(Processor::stop);
        join(processing);
        SeenLog committed = readAll(true);
        SeenLog uncommitted = readAll(false);
        Map<TopicPartition, Long> ends = ends();
        for (Reader reader : readers) {
            reader.finish(ends, FINISH_LIMIT);
        }
        return audit(committed, uncommitted, Duration.ofNanos(System.nanoTime() - start));
    }

    private void make() {
        SplittableRandom random = new SplittableRandom(plan.seed());
        String bootstrap = cluster.bootstrapServers();
        for (int i = 0; i < plan.producers(); i++) {
            appenders.add(
                    new Appender(
                            owner("appender-" + i),
                            history,
                            random.split(),
                            progress,
                            i,
                            plan.pauseMs()));
        }
        for (int i = 0; i < GROUPS * MEMBERS; i++) {
            int group = i / MEMBERS;
            processors.add(
                    new Processor(
                            bootstrap,
                            owner("processor-" + i),
                            history,
                            random.split(),
                            progress,
                            plan.producers() + i,
                            group,
                            group == 0 ? "classic" : "consumer"));
        }
        // Each comes in through another broker, and is told by it where the partitions are.
        List<String> doors = Arrays.asList(bootstrap.split(",", -1));
        for (int i = 0; i < doors.size(); i++) {
            readers.add(
                    new Reader(doors.get(i), true, "a reader of committed, " + i, open, history));
            readers.add(
                    new Reader(doors.get(i), false, "a reader of anything, " + i, open, history));
        }
    }

    private Owner owner(String transactionalId) {
        return new Owner(cluster.bootstrapServers(), transactionalId, TIMEOUT_MS, history, open);
    }

    private static List<Thread> start(List<? extends Runnable> clients, String name) {
        List<Thread> threads = new ArrayList<>();
        for (Runnable client : clients) {
            threads.add(Thread.ofPlatform().daemon().name(name + threads.size()).start(client));
        }
        return threads;
    }

    private void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(FINISH_LIMIT);
            if (thread.isAlive()) {
                history.violations().add(thread.getName() + " did not end in " + FINISH_LIMIT);
            }
        }
    }

    /** Until both groups have committed all of their input. */
    private void awaitProcessed(SeenLog committed) throws Exception {
        long deadline = System.nanoTime() + FINISH_LIMIT.toNanos();
        for (int group = 0; group < GROUPS; group++) {
            while (!isProcessed(committed, offsets(group))) {
                if (System.nanoTime() > deadline) {
                    history.violations()
                            .add("group %d has not reached the end of its input".formatted(group));
                    return;
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
    }

    private static boolean isProcessed(SeenLog committed, Map<Integer, Long> offsets) {
        return Arrays.stream(Topics.input())
                .allMatch(
                        input -> {
                            int size = committed.size(input);
                            return size == 0
                                    || offsets.getOrDefault(input, 0L)
                                            > committed.offset(input, size - 1);
                        });
    }

    private SeenLog readAll(boolean committed) throws Exception {
        Reader reader =
                new Reader(
                        cluster.bootstrapServers(),
                        committed,
                        committed ? "read_committed" : "read_uncommitted",
                        open,
                        history);
        reader.start();
        return reader.finish(ends(), FINISH_LIMIT);
    }

    private TransactionReport audit(SeenLog committed, SeenLog uncommitted, Duration time)
            throws Exception {
        List<Transaction> transactions = history.transactions();
        TransactionAudit audit = new TransactionAudit(transactions);
        audit.finalLogs(committed, uncommitted);
        for (Reader reader : readers) {
            audit.prefix(reader.seen(), reader.isCommitted() ? committed : uncommitted);
        }
        for (int group = 0; group < GROUPS; group++) {
            audit.processed(group, Topics.input(), committed, offsets(group));
        }
        List<String> violations = new ArrayList<>(history.violations());
        violations.addAll(schedule.violations());
        violations.addAll(audit.violations());
        violations.addAll(brokers());
        Map<String, Long> seen = new LinkedHashMap<>();
        readers.forEach(reader -> seen.put(reader.seen().reader(), reader.seen().size()));
        Map<Fate, Integer> fates = new HashMap<>();
        appenders.forEach(
                appender ->
                        appender.fates().forEach((fate, n) -> fates.merge(fate, n, Integer::sum)));
        long processed = 0;
        for (int partition = Topics.APPENDED; partition < Topics.PARTITIONS; partition++) {
            processed += committed.size(partition);
        }
        return new TransactionReport(
                plan.seed(),
                cluster.nodes().size(),
                time,
                transactions.stream()
                        .collect(
                                Collectors.groupingBy(Transaction::outcome, Collectors.counting())),
                fates,
                transactions.stream().mapToLong(Transaction::size).sum(),
                committed.size(),
                processed,
                seen,
                history.errors(),
                schedule.outages(),
                violations);
    }

    private List<String> brokers() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Node node : cluster.nodes()) {
            if (!node.isAlive()) {
                wrong.add("a broker has ended by itself");
            }
        }
        cluster.errors().stream()
                .limit(20)
                .forEach(line -> wrong.add("in a broker's log: " + line));
        return wrong;
    }

    private void createTopics() throws InterruptedException, ExecutionException {
        try (Admin admin = admin()) {
            admin.createTopics(
                            Topics.NAMES.stream()
                                    .map(
                                            name ->
                                                    new NewTopic(
                                                            name,
                                                            Topics.PARTITIONS_EACH,
                                                            (short) 1))
                                    .toList())
                    .all()
                    .get();
        }
    }

    private Map<Integer, Long> offsets(int group) throws InterruptedException, ExecutionException {
        Map<Integer, Long> offsets = new HashMap<>();
        try (Admin admin = admin()) {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    answer(
                            "offsets of a group",
                            () ->
                                    admin.listConsumerGroupOffsets(Processor.groupId(group))
                                            .partitionsToOffsetAndMetadata());
            committed.forEach(
                    (partition, offset) ->
                            offsets.put(
                                    Topics.number(partition.topic(), partition.partition()),
                                    offset.offset()));
        }
        return offsets;
    }

    private Map<TopicPartition, Long> ends() throws InterruptedException, ExecutionException {
        try (Admin admin = admin()) {
            return answer(
                            "ends of partitions",
                            () ->
                                    admin.listOffsets(
                                                    Topics.all().stream()
                                                            .collect(
                                                                    Collectors.toMap(
                                                                            partition -> partition,
                                                                            _ ->
                                                                                    OffsetSpec
                                                                                            .latest())))
                                            .all())
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
        }
    }

    /**
     * Asks until there is an answer. That there was none for so long is a violation, not the end.
     */
    private <T> T answer(String what, Supplier<KafkaFuture<T>> question)
            throws InterruptedException, ExecutionException {
        for (int tries = 1; ; tries++) {
            try {
                return question.get().get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TimeoutException) || tries == MAX_TRIES) {
                    throw e;
                }
                history.violations()
                        .add("asked for %s: %s".formatted(what, e.getCause().getMessage()));
            }
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()));
    }
}
