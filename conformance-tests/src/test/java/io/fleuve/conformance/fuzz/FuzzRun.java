package io.fleuve.conformance.fuzz;

import io.fleuve.conformance.platform.FleuvePlatform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.CompressionType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends malformed requests to a broker of its own with a small heap, and tells what they did to it.
 *
 * <p>What goes over connection <i>n</i> follows from the seed and <i>n</i>. Frames are counted when
 * the broker has certainly looked at them: those that it answered, and the one for which it closed
 * the connection. Those behind it are sent and not counted.
 */
final class FuzzRun {

    private static final Logger LOGGER = LoggerFactory.getLogger(FuzzRun.class);

    private static final int WORKERS = 24;
    private static final int MAX_PIPELINE = 12;
    private static final int MAX_REQUEST = 2 << 20;
    private static final int BOMB_EVERY = 4_000;
    private static final Duration SWEEP_EVERY = Duration.ofSeconds(2);
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(60);

    /** How much more may live in the heap at the end than after the warm-up. */
    private static final long HEAP_GROWTH = 24_000_000;

    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final int THREAD_GROWTH = 20;
    private static final int FILE_GROWTH = 20;

    /** An OutOfMemoryError ends the broker, and the run with it. */
    private static final List<String> JVM =
            List.of(
                    "-Xmx384m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+ExitOnOutOfMemoryError");

    /**
     * Limits of time of seconds, so that loiterers meet them; caches so small that they are full
     * after the warm-up.
     */
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "FLEUVE_BROKER_KAFKA_TIMEOUTS_IDLE", "8s",
                    "FLEUVE_BROKER_KAFKA_TIMEOUTS_FRAME", "3s",
                    "FLEUVE_BROKER_KAFKA_TIMEOUTS_WRITE", "3s",
                    "FLEUVE_BROKER_LOG_TAILCACHE", "4MB",
                    "FLEUVE_BROKER_LOG_READCACHE", "2MB",
                    "FLEUVE_BROKER_TOPICS_MAXPARTITIONSPERTOPIC", "100");

    /**
     * A subscription that cannot be read, from a classic member of a group of the newer protocol:
     * the client gets an answer, but Apache Kafka's library thinks it unexpected and says so.
     */
    private static final String OF_THE_LIBRARY = "Malformed embedded consumer protocol";

    private static final Set<ApiKeys> REBALANCING = Set.of(ApiKeys.JOIN_GROUP, ApiKeys.SYNC_GROUP);

    private record Version(ApiKeys api, short version) {}

    private final long seed;
    private final long frames;
    private final long warmUp;
    private final long deadline;
    private final FleuvePlatform platform;
    private final InetSocketAddress broker;
    private final Janitor janitor;
    private final List<Version> versions;
    private final List<ApiKeys> apis;
    private final Map<ApiKeys, List<Version>> versionsOf;
    private final List<Uuid> topicIds;
    private final List<byte[]> bombs;
    private final long nowMs = System.currentTimeMillis();
    private final AtomicLong connections = new AtomicLong();
    private final FuzzTally warmUpTally = new FuzzTally();
    private final FuzzTally tally = new FuzzTally();

    private FuzzRun(long seed, long frames, Duration longest, FleuvePlatform platform)
            throws Exception {
        this.deadline = System.nanoTime() + longest.toNanos();
        this.seed = seed;
        this.frames = frames;
        this.warmUp = Math.min(50_000, frames / 5);
        this.platform = platform;
        this.broker =
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), platform.broker().kafkaPort());
        this.janitor = new Janitor(platform.bootstrapServers());
        this.topicIds = janitor.prepare();
        this.versions = advertised();
        this.versionsOf = versions.stream().collect(Collectors.groupingBy(Version::api));
        this.apis = versions.stream().map(Version::api).distinct().toList();
        this.bombs =
                Stream.of(CompressionType.GZIP, CompressionType.ZSTD)
                        .map(RecordBatches::bomb)
                        .toList();
    }

    /** Runs until the broker has looked at that many frames, or the time is over. */
    static FuzzReport run(long seed, long frames, Duration longest) throws Exception {
        try (FleuvePlatform platform = FleuvePlatform.start(JVM, SETTINGS)) {
            try {
                return new FuzzRun(seed, frames, longest, platform).run();
            } finally {
                keepLog(platform);
            }
        }
    }

    /** The platform goes, with all its files; what the broker has said stays for who looks. */
    private static void keepLog(FleuvePlatform platform) throws IOException {
        Path target = Path.of("conformance-tests/target");
        Path directory = Files.isDirectory(target) ? target : Path.of("target");
        Files.copy(
                platform.broker().log(),
                directory.resolve("fuzz-broker.log"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private FuzzReport run() throws Exception {
        long start = System.nanoTime();
        validRequestsAreAnswered(warmUpTally);
        LOGGER.atInfo().log("valid requests are answered");
        batter(warmUpTally, warmUp);
        LOGGER.atInfo().log("warm, settling");
        BrokerVitals warm = settled();
        LOGGER.atInfo().addKeyValue("vitals", warm).log("warmed up");
        batter(tally, frames);
        LOGGER.atInfo().log("enough frames, settling");
        if (!platform.broker().isAlive()) {
            throw new IllegalStateException("the broker has died; see fuzz-broker.log");
        }
        validRequestsAreAnswered(tally);
        BrokerVitals end = settled();
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        List<String> faults = new ArrayList<>(warmUpTally.faults());
        faults.addAll(tally.faults());
        compare(warm, end, faults);
        errorsInLog(faults);
        return new FuzzReport(
                seed,
                time,
                tally.sent(),
                tally.seen(),
                apis.size(),
                versions.size(),
                janitor.deletedTopics(),
                tally.endings(),
                tally.answers(),
                tally.loiterers(),
                warm,
                end,
                faults);
    }

    private List<Version> advertised() throws InterruptedException, ExecutionException {
        List<Version> all = new ArrayList<>();
        for (var range : ApiVersionsProbe.ask(broker)) {
            ApiKeys api = ApiKeys.forId(range.apiKey());
            for (short version = range.minVersion(); version <= range.maxVersion(); version++) {
                // Produce is advertised from 0 on for old clients' sake, and not served.
                if (api.isVersionSupported(version)) {
                    all.add(new Version(api, version));
                }
            }
        }
        return all;
    }

    // ---- the load ----

    private void batter(FuzzTally into, long until) throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            threads.add(Thread.ofVirtual().start(() -> work(into, until, over)));
        }
        List<Thread> others = new ArrayList<>();
        for (Loiterer loiterer : Loiterer.values()) {
            for (int i = 0; i < 2; i++) {
                others.add(
                        Thread.ofVirtual()
                                .start(
                                        () -> {
                                            while (!over.get()) {
                                                loiterer.run(broker, into);
                                            }
                                        }));
            }
        }
        others.add(Thread.ofVirtual().start(() -> sweep(into, over)));
        for (Thread thread : threads) {
            thread.join();
        }
        over.set(true);
        for (Thread thread : others) {
            thread.join();
        }
    }

    private void work(FuzzTally into, long until, AtomicBoolean over) {
        ByteBuffer buffer = ByteBuffer.allocate(MAX_REQUEST);
        while (into.seen() < until && !over.get() && System.nanoTime() < deadline) {
            long number = connections.getAndIncrement();
            try {
                connection(into, number, buffer).run();
            } catch (RuntimeException e) {
                into.fault("connection " + number + ": " + e);
                LOGGER.atError().setCause(e).log("the fuzzer itself has failed");
            }
            if (!platform.broker().isAlive()) {
                into.fault("the broker has died");
                over.set(true);
            }
        }
    }

    private FuzzConnection connection(FuzzTally into, long number, ByteBuffer buffer) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
        PlausibleValues values = new PlausibleValues(random, topicIds, "group-", nowMs);
        RecordBatches batches = new RecordBatches(random, nowMs);
        boolean[] broken = new boolean[1];
        RequestGenerator generator =
                new RequestGenerator(
                        random, values, () -> batch(random, batches, broken[0]), buffer);
        List<WireFrame> pipeline = new ArrayList<>();
        int length = 1 + random.nextInt(MAX_PIPELINE);
        // Most frames that are broken end their connection; so that many get beyond the parsers,
        // half of the connections carry only such as can be parsed.
        boolean parseable = random.nextBoolean();
        while (pipeline.size() < length) {
            Mutation mutation = Mutation.any(random, parseable);
            broken[0] = mutation == Mutation.BATCH;
            Version any = any(random, mutation);
            WireFrame frame =
                    mutation.apply(
                            generator.request(any.api(), any.version(), pipeline.size()), random);
            pipeline.add(frame);
            if (frame.isOutOfStep()) {
                break;
            }
        }
        return new FuzzConnection(broker, into, "connection " + number, pipeline, false);
    }

    /** Any API, then any version of it; of those that make others wait, fewer. */
    private Version any(SplittableRandom random, Mutation mutation) {
        ApiKeys api = ApiKeys.PRODUCE;
        if (mutation != Mutation.BATCH) {
            api = apis.get(random.nextInt(apis.size()));
            if (REBALANCING.contains(api) && random.nextInt(4) > 0) {
                api = apis.get(random.nextInt(apis.size()));
            }
        }
        List<Version> all = versionsOf.getOrDefault(api, versions);
        return all.get(random.nextInt(all.size()));
    }

    private byte[] batch(SplittableRandom random, RecordBatches batches, boolean broken) {
        if (!broken) {
            return batches.valid();
        }
        return random.nextInt(BOMB_EVERY) == 0
                ? bombs.get(random.nextInt(bombs.size()))
                : batches.broken();
    }

    private void sweep(FuzzTally into, AtomicBoolean over) {
        try {
            while (!over.get()) {
                LockSupport.parkNanos(SWEEP_EVERY.toNanos());
                janitor.sweepTopics();
            }
        } catch (ExecutionException e) {
            into.fault("an ordinary client was refused: " + e.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- what must hold ----

    /** Each version of each API, each on a connection of its own. */
    private void validRequestsAreAnswered(FuzzTally into) {
        for (Version version : versions) {
            SplittableRandom random = new SplittableRandom(seed + version.hashCode());
            RequestGenerator generator =
                    new RequestGenerator(
                            random,
                            new PlausibleValues(
                                    random, topicIds, "alone-" + version.hashCode() + "-", nowMs),
                            new RecordBatches(random, nowMs)::valid,
                            ByteBuffer.allocate(MAX_REQUEST));
            RequestFrame request = generator.request(version.api(), version.version(), 0);
            String name = "a valid request of " + version.api() + " v" + version.version();
            long began = System.nanoTime();
            FuzzConnection.Ending ending =
                    new FuzzConnection(
                                    broker,
                                    into,
                                    name,
                                    List.of(WireFrame.of(request.bytes())),
                                    true)
                            .run();
            if (System.nanoTime() - began > SLOW.toNanos()) {
                LOGGER.atWarn().addKeyValue("request", name).log("answered slowly");
            }
            // A produce without acknowledgement is answered by closing when it fails.
            if (ending == FuzzConnection.Ending.CLOSED && version.api() != ApiKeys.PRODUCE) {
                into.fault(name + " was not answered");
            }
        }
    }

    /** After everything that was made is swept, and no connection is left. */
    private BrokerVitals settled() throws Exception {
        janitor.sweepTopics();
        janitor.sweepGroups();
        long deadline = System.nanoTime() + SETTLE_LIMIT.toNanos();
        while (BrokerVitals.connections(platform.broker()) > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
        return BrokerVitals.of(platform.broker());
    }

    private static void compare(BrokerVitals warm, BrokerVitals end, List<String> faults) {
        atMost(faults, "connections", end.connections(), 0);
        atMost(faults, "bytes of heap", end.heapBytes(), warm.heapBytes() + HEAP_GROWTH);
        atMost(
                faults,
                "virtual threads",
                end.virtualThreads(),
                warm.virtualThreads() + THREAD_GROWTH);
        atMost(
                faults,
                "platform threads",
                end.platformThreads(),
                warm.platformThreads() + THREAD_GROWTH);
        atMost(faults, "open files", end.openFiles(), warm.openFiles() + FILE_GROWTH);
    }

    private static void atMost(List<String> faults, String what, long is, long most) {
        if (is > most) {
            faults.add("%s at the end: %d, at most %d should be".formatted(what, is, most));
        }
    }

    /** An error in the broker's log is one that nobody had thought of. */
    private void errorsInLog(List<String> faults) throws IOException {
        try (Stream<String> lines = Files.lines(platform.broker().log())) {
            lines.filter(line -> line.matches("^\\S+ ERROR .*"))
                    .filter(line -> !line.contains(OF_THE_LIBRARY))
                    .limit(20)
                    .forEach(line -> faults.add("in the broker's log: " + line));
        }
    }
}
