package io.fleuve.broker.upkeep;

import io.fleuve.broker.log.LogUnavailableException;
import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.metadata.TopicImage;
import io.fleuve.broker.storage.ObjectStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that keeps logs in shape: looks every now and then whether there is something to do,
 * and does it, one thing after the other.
 *
 * <p>Every broker of a cluster runs one, and they share the work through the catalog. A round that
 * breaks off, since the database or the store is away, is tried again; nothing depends on when.
 */
public final class Upkeep implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Upkeep.class);

    private static final int PRODUCERS_AT_ONCE = 10_000;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final PieceCatalog catalog;
    private final Supplier<ClusterImage> cluster;
    private final LogPolicy.Reader policies;
    private final UpkeepSettings settings;
    private final UpkeepMetrics metrics;
    private final Merge merge;
    private final Retention retention;
    private final Compaction compaction;
    private final Sweep sweep;
    private final Thread thread;
    private volatile boolean closed;
    private long nextCompactionNanos = System.nanoTime();

    /**
     * Upkeep of all logs of a cluster; {@link #start()} it when the metadata is known.
     *
     * @param cluster the topics there are
     */
    public Upkeep(
            ObjectStore store,
            PieceCatalog catalog,
            Supplier<ClusterImage> cluster,
            LogPolicy.Reader policies,
            BatchCleaner cleaner,
            UpkeepSettings settings,
            MeterRegistry registry,
            Clock clock) {
        this.catalog = catalog;
        this.cluster = cluster;
        this.policies = policies;
        this.settings = settings;
        this.metrics = new UpkeepMetrics(registry);
        Pace pace = new Pace(settings.bytesPerSecond());
        this.merge = new Merge(store, catalog, settings, metrics, pace, clock);
        this.retention = new Retention(catalog, metrics, clock);
        this.compaction = new Compaction(store, catalog, cleaner, settings, metrics, pace, clock);
        this.sweep = new Sweep(store, catalog, settings, metrics, clock);
        this.thread = Thread.ofPlatform().name("fleuve-upkeep").daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Breaks off what is being done; what was not finished is done again later. */
    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.interrupt();
        thread.join();
    }

    static void checkInterrupt() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private void run() {
        int failures = 0;
        try {
            while (true) {
                Duration pause = settings.interval().multipliedBy(1L << Math.min(failures, 5));
                Thread.sleep(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
                failures = tryRound(failures);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private int tryRound(int failures) throws InterruptedException {
        try {
            round();
            if (failures > 0) {
                LOGGER.atInfo().addKeyValue("failures", failures).log("Upkeep goes on");
            }
            return 0;
        } catch (LogUnavailableException | IOException e) {
            // An interrupt arrives as a file that was closed, or a connection that was not given.
            if (closed) {
                throw new InterruptedException();
            }
            metrics.failures.increment();
            if (failures == 0) {
                LOGGER.atWarn()
                        .addKeyValue("reason", e.getMessage())
                        .log("Upkeep broke off, and will be tried again");
            }
            return failures + 1;
        } catch (RuntimeException | Error e) {
            metrics.failures.increment();
            LOGGER.atError().setCause(e).log("Upkeep broke off");
            return failures + 1;
        }
    }

    /** Does all that is due now. */
    void round() throws IOException, InterruptedException {
        retention.trimAll();
        mergeAll();
        chore("retention", settings.retentionInterval(), this::retainAll);
        if (System.nanoTime() - nextCompactionNanos >= 0) {
            compactAll();
            nextCompactionNanos = System.nanoTime() + settings.compactionInterval().toNanos();
        }
        chore("sweep", settings.sweepInterval(), sweep::deleteDead);
        chore("producers", settings.producerInterval(), this::expireProducers);
        chore("orphans", settings.orphanInterval(), sweep::deleteOrphans);
    }

    private void chore(String name, Duration every, Chore chore)
            throws IOException, InterruptedException {
        if (catalog.claimChore(name, every, settings.lease())) {
            try {
                chore.run();
            } finally {
                catalog.releaseChore(name);
            }
        }
    }

    private interface Chore {
        void run() throws IOException, InterruptedException;
    }

    private void retainAll() throws InterruptedException {
        for (TopicImage topic : cluster.get().topics().values()) {
            retention.apply(topic, policies.of(topic));
        }
    }

    private void mergeAll() throws IOException, InterruptedException {
        Optional<PieceCatalog.Claim> claim = catalog.claimObject(settings.lease());
        while (claim.isPresent()) {
            long start = System.nanoTime();
            merge.run(claim.get());
            metrics.merge.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            checkInterrupt();
            claim = catalog.claimObject(settings.lease());
        }
    }

    private void compactAll() throws IOException, InterruptedException {
        for (TopicImage topic : cluster.get().topics().values()) {
            LogPolicy policy = policies.of(topic);
            if (policy.compact()) {
                for (PartitionImage partition : topic.partitions()) {
                    compaction.compactIfDue(partition.logId(), policy);
                    checkInterrupt();
                }
            }
        }
    }

    private void expireProducers() throws InterruptedException {
        int expired;
        do {
            expired = catalog.expireProducers(settings.producerExpiration(), PRODUCERS_AT_ONCE);
            metrics.expiredProducers.increment(expired);
            checkInterrupt();
        } while (expired == PRODUCERS_AT_ONCE);
    }
}
