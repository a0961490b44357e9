package io.fleuve.conformance.gateway;

import io.fleuve.conformance.faults.FaultedCluster;
import io.fleuve.conformance.gateway.BrokerTroubleReport.Moment;
import io.fleuve.conformance.platform.Subject;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * One gateway, one broker that is killed, stopped, slow or cut off, and clients of all kinds; then
 * an audit of what they were told, and of what the gateway still holds once they have gone.
 */
final class BrokerTroubleRun {

    private static final int PARTITIONS = 3;
    private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(120);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration SAMPLE_EVERY = Duration.ofSeconds(10);

    private final Plan plan;
    private final FaultedCluster cluster;
    private final GatewayProcess gateway;
    private final TroubleTally tally;
    private final SplittableRandom random;
    private final List<Visitor> visitors;
    private final Map<Trouble, Integer> faults = new EnumMap<>(Trouble.class);
    private final List<Trouble> round = new ArrayList<>();
    private final List<Moment> vitals = new ArrayList<>();
    private final long begin = System.nanoTime();
    private GatewayVitals.Light peak;

    /**
     * What a gateway may hold at the end above what it held at the start: pools that have been used
     * by few until then grow to their bounds.
     */
    record Margins(long heapBytes, int threads, int descriptors, int consumers) {}

    /**
     * What is to be done.
     *
     * @param parts after each of them the clients pause and the gateway is looked at
     * @param warmUp load without faults before the first look
     * @param warmRound whether each fault comes once before the first look, too
     * @param settle how long the gateway has, without load, before it is looked at
     * @param settleMore how much longer it may take at the end
     * @param calm the longest pause between two faults
     * @param scale of the faults' lengths
     */
    record Plan(
            long seed,
            Duration duration,
            int parts,
            Duration warmUp,
            boolean warmRound,
            Duration settle,
            Duration settleMore,
            Duration calm,
            double scale,
            Duration instanceTimeout,
            Margins margins) {

        static Plan ofMinutes(long seed, Duration duration) {
            return new Plan(
                    seed,
                    duration,
                    6,
                    Duration.ofSeconds(60),
                    true,
                    Duration.ofSeconds(65),
                    Duration.ofSeconds(120),
                    Duration.ofSeconds(20),
                    1,
                    Duration.ofSeconds(60),
                    new Margins(10_000_000, 4, 20, 2));
        }

        /** Each fault once, in about a minute on a machine that is not busy. */
        static Plan brief(long seed) {
            return new Plan(
                    seed,
                    Duration.ofSeconds(1),
                    1,
                    Duration.ofSeconds(8),
                    false,
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(90),
                    Duration.ofMillis(500),
                    0.1,
                    Duration.ofSeconds(20),
                    new Margins(16_000_000, 8, 60, 8));
        }
    }

    private BrokerTroubleRun(
            Plan plan,
            FaultedCluster cluster,
            GatewayProcess gateway,
            TroubleTally tally,
            List<Visitor> visitors) {
        this.plan = plan;
        this.cluster = cluster;
        this.gateway = gateway;
        this.tally = tally;
        this.visitors = visitors;
        this.random = new SplittableRandom(plan.seed());
        this.peak = GatewayVitals.Light.of(gateway.pid());
    }

    static BrokerTroubleReport run(Plan plan) throws Exception {
        Path logs = Files.createDirectories(Path.of(System.getProperty("logs", "target")));
        Path log = logs.resolve("gateway-trouble.log");
        Files.deleteIfExists(log);
        try (FaultedCluster cluster =
                        Subject.isStandIn()
                                ? FaultedCluster.apacheKafka()
                                : FaultedCluster.fleuve(1);
                GatewayProcess gateway =
                        GatewayProcess.launch(
                                cluster.bootstrapServers(),
                                log,
                                "--fleuve.gateway.consumers.instance-timeout="
                                        + plan.instanceTimeout().toSeconds()
                                        + "s",
                                "--fleuve.gateway.events.tail-linger=10s",
                                // So few that all are in use before the first look.
                                "--fleuve.gateway.events.catch-up-consumers=2",
                                "--fleuve.gateway.read.pool-size=2",
                                // So that what is remembered does not grow all the time.
                                "--fleuve.gateway.idempotency.expiry=60s");
                HttpClient http =
                        HttpClient.newBuilder()
                                .version(HttpClient.Version.HTTP_1_1)
                                .connectTimeout(Duration.ofSeconds(10))
                                .build()) {
            gateway.awaitReady(http);
            String topic = "trouble";
            String id;
            try (Admin admin =
                    Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
                id = admin.describeCluster().clusterId().get();
                admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
            }
            TroubleTally tally = new TroubleTally();
            TroubleClient client = new TroubleClient(gateway.url(), http, tally);
            List<EventsVisitor> readers = new ArrayList<>();
            List<Visitor> visitors = visitors(plan.seed(), id, topic, client, readers);
            BrokerTroubleRun run = new BrokerTroubleRun(plan, cluster, gateway, tally, visitors);
            run.go();
            TroubleAudit.audit(cluster.bootstrapServers(), topic, PARTITIONS, tally, readers);
            Map<String, Integer> errors = errors(log, tally);
            cluster.errors().forEach(line -> tally.violation("the broker: " + line));
            return new BrokerTroubleReport(
                    Subject.isStandIn() ? "Apache Kafka" : "Fleuve",
                    plan,
                    run.faults,
                    tally,
                    readers.stream().mapToLong(EventsVisitor::records).sum(),
                    run.vitals,
                    run.peak,
                    errors,
                    tally.violations());
        }
    }

    private static List<Visitor> visitors(
            long seed,
            String cluster,
            String topic,
            TroubleClient client,
            List<EventsVisitor> readers) {
        List<Visitor> visitors = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            visitors.add(
                    new WritingVisitor(
                            TroubleKind.V3_PRODUCE,
                            i,
                            topic,
                            Duration.ofMillis(400),
                            client,
                            seed));
            visitors.add(
                    new WritingVisitor(
                            TroubleKind.V2_PRODUCE,
                            i,
                            topic,
                            Duration.ofMillis(500),
                            client,
                            seed));
        }
        for (int i = 0; i < 2; i++) {
            visitors.add(
                    new WritingVisitor(
                            TroubleKind.KEYED, i, topic, Duration.ofMillis(1_000), client, seed));
            visitors.add(
                    new WritingVisitor(
                            TroubleKind.ATOMIC, i, topic, Duration.ofMillis(1_500), client, seed));
            visitors.add(
                    LookingVisitor.reader(topic, Duration.ofMillis(600), client, seed * 100 + i));
            visitors.add(
                    LookingVisitor.administrator(
                            cluster, topic, Duration.ofMillis(600), client, seed * 200 + i));
        }
        for (int i = 0; i < 3; i++) {
            visitors.add(
                    new ConsumingVisitor(
                            "trouble-" + i % 2,
                            topic,
                            Duration.ofMillis(600),
                            client,
                            seed * 300 + i));
        }
        for (int i = 0; i < 5; i++) {
            EventsVisitor reader = new EventsVisitor("reader " + i, topic, client, seed * 400 + i);
            readers.add(reader);
            visitors.add(reader);
        }
        for (int i = 0; i < 2; i++) {
            visitors.add(new VanishingVisitor(client.url(), topic, client.tally(), seed * 500 + i));
        }
        return visitors;
    }

    private void go() throws Exception {
        withLoad(
                () -> {
                    sleep(plan.warmUp());
                    if (plan.warmRound()) {
                        troubleUntil(System.nanoTime());
                    }
                });
        sleep(plan.settle());
        GatewayVitals start = look("start");
        for (int part = 1; part <= plan.parts(); part++) {
            withLoad(this::troubleForAPart);
            sleep(plan.settle());
            if (part < plan.parts()) {
                look("after part " + part);
            }
        }
        compareWithin(start);
    }

    /** An action during which the clients are at work. */
    private interface Meanwhile {
        void run() throws Exception;
    }

    private void withLoad(Meanwhile action) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (Visitor visitor : visitors) {
            threads.add(
                    Thread.ofVirtual()
                            .uncaughtExceptionHandler(
                                    (_, e) -> {
                                        e.printStackTrace();
                                        tally.violation("a client failed: " + e);
                                    })
                            .start(() -> visitor.visit(over::get)));
        }
        Thread sampler = Thread.ofVirtual().start(() -> sample(over));
        try {
            action.run();
        } finally {
            over.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            sampler.join();
        }
    }

    private void troubleForAPart() throws Exception {
        troubleUntil(System.nanoTime() + plan.duration().dividedBy(plan.parts()).toNanos());
    }

    /** Each fault comes once before any comes again; one round is the least that may come. */
    private void troubleUntil(long end) throws Exception {
        int left = faults.isEmpty() ? Trouble.values().length : 0;
        while (System.nanoTime() < end || left > 0) {
            if (round.isEmpty()) {
                round.addAll(List.of(Trouble.values()));
                Collections.shuffle(round, new Random(random.nextLong()));
            }
            trouble(round.removeLast());
            left--;
            sleep(Duration.ofMillis(random.nextLong(plan.calm().toMillis() + 1)));
        }
    }

    private void trouble(Trouble trouble) throws Exception {
        Duration length = trouble.length(random, plan.scale());
        say("%s for %.1f s", trouble, length.toMillis() / 1e3);
        trouble.inject(cluster, length, random);
        faults.merge(trouble, 1, Integer::sum);
        long since = System.nanoTime();
        Set<TroubleKind> waiting = EnumSet.allOf(TroubleKind.class);
        while (!waiting.isEmpty()) {
            long millis = (System.nanoTime() - since) / 1_000_000;
            List<TroubleKind> idle = tally.idleSince(since);
            waiting.stream()
                    .filter(kind -> !idle.contains(kind))
                    .forEach(kind -> tally.recovered(kind, millis));
            waiting.retainAll(idle);
            if (millis > RECOVERY_LIMIT.toMillis()) {
                tally.violation(
                        "%s after %s had not recovered: %s"
                                .formatted(RECOVERY_LIMIT, trouble, waiting));
                return;
            }
            sleep(POLL);
        }
        say("recovered after %.1f s", (System.nanoTime() - since) / 1e9);
    }

    private GatewayVitals look(String when) {
        GatewayVitals now = GatewayVitals.of(gateway.pid());
        vitals.add(new Moment(when, now));
        say("%s: %s", when, now);
        return now;
    }

    /** Looks until all is as at the start, or too long. */
    private void compareWithin(GatewayVitals start) {
        long deadline = System.nanoTime() + plan.settleMore().toNanos();
        while (true) {
            GatewayVitals now = GatewayVitals.of(gateway.pid());
            List<String> leaks = leaks(start, now);
            if (leaks.isEmpty() || System.nanoTime() > deadline) {
                vitals.add(new Moment("end", now));
                say("end: %s", now);
                leaks.forEach(tally::violation);
                return;
            }
            sleep(Duration.ofSeconds(5));
        }
    }

    private List<String> leaks(GatewayVitals start, GatewayVitals now) {
        List<String> leaks = new ArrayList<>();
        Margins margins = plan.margins();
        check(leaks, "bytes of heap", start.heapBytes(), now.heapBytes(), margins.heapBytes());
        check(leaks, "threads", start.threads(), now.threads(), margins.threads());
        check(
                leaks,
                "virtual threads",
                start.virtualThreads(),
                now.virtualThreads(),
                margins.threads());
        check(leaks, "descriptors", start.descriptors(), now.descriptors(), margins.descriptors());
        check(leaks, "producers", start.producers(), now.producers(), 0);
        check(leaks, "consumers", start.consumers(), now.consumers(), margins.consumers());
        check(leaks, "admin clients", start.admins(), now.admins(), 0);
        return leaks;
    }

    private static void check(List<String> leaks, String what, long start, long end, long margin) {
        if (end > start + margin) {
            leaks.add("%s: %d at the start, %d at the end".formatted(what, start, end));
        }
    }

    private void sample(AtomicBoolean over) {
        while (!over.get()) {
            if (!gateway.isAlive()) {
                tally.violation("the gateway has died");
                return;
            }
            GatewayVitals.Light now = GatewayVitals.Light.of(gateway.pid());
            say("%d requests, %s", tally.requests(), now);
            peak =
                    new GatewayVitals.Light(
                            Math.max(peak.threads(), now.threads()),
                            Math.max(peak.descriptors(), now.descriptors()),
                            Math.max(peak.sockets(), now.sockets()),
                            Math.max(peak.residentBytes(), now.residentBytes()));
            Visitor.pause(SAMPLE_EVERY, new Random(), over::get);
        }
    }

    /** The log's errors, without what differs; what tells of a defect is a violation. */
    private static Map<String, Integer> errors(Path log, TroubleTally tally) throws Exception {
        Map<String, Integer> errors = new TreeMap<>();
        for (String line : Files.readAllLines(log)) {
            if (line.contains("OutOfMemoryError")
                    || line.contains("StackOverflowError")
                    || line.contains("by a defect")
                    || line.startsWith("Exception in thread")) {
                tally.violation("the gateway's log: " + line.replaceAll("\\d+", "#"));
            }
            if (line.matches("^\\S+ ERROR .*")) {
                String words = line.substring(line.indexOf("ERROR")).replaceAll("\\d+", "#");
                errors.merge(
                        words.length() > 240 ? words.substring(0, 240) : words, 1, Integer::sum);
            }
        }
        return errors;
    }

    private void say(String format, Object... values) {
        System.out.printf(
                "%tT +%d s %s%n",
                LocalTime.now(),
                (System.nanoTime() - begin) / 1_000_000_000,
                format.formatted(values));
    }

    /** The run's own pace. */
    private static void sleep(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
