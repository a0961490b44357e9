package io.fleuve.conformance.faults;

import io.fleuve.conformance.faults.FaultedCluster.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fault after the other, with a pause in between in which all must get something done again.
 * Which comes when, for how long and whom it hits follows from the seed.
 */
public final class FaultSchedule {

    private static final Logger LOGGER = LoggerFactory.getLogger(FaultSchedule.class);
    private static final Duration RECOVERY_LIMIT = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(20);

    private final Settings settings;
    private final FaultedCluster cluster;
    private final Progress progress;
    private final SplittableRandom random;
    private final Map<Fault, Outage> outages = Outage.none();
    private final List<String> violations = new ArrayList<>();

    /**
     * What happens.
     *
     * @param scale what share of its longest time a fault may last
     * @param calm the longest pause between two faults
     */
    public record Settings(long seed, double scale, Duration calm, List<Fault> faults) {}

    /**
     * @param progress tells whether all get something done
     */
    public FaultSchedule(Settings settings, FaultedCluster cluster, Progress progress) {
        this.settings = settings;
        this.cluster = cluster;
        this.progress = progress;
        this.random = new SplittableRandom(settings.seed());
    }

    /** What has happened, by kind. */
    public Map<Fault, Outage> outages() {
        return outages;
    }

    /** Recoveries that were awaited in vain. */
    public List<String> violations() {
        return violations;
    }

    /** Injects faults until then ({@link System#nanoTime}), or until one is not recovered from. */
    public void injectUntil(long end) throws IOException {
        List<Fault> round = new ArrayList<>();
        while (System.nanoTime() < end && violations.isEmpty()) {
            if (round.isEmpty()) {
                // Each kind comes once before any comes again.
                round.addAll(settings.faults());
                Collections.shuffle(round, new Random(random.nextLong()));
            }
            inject(round.removeLast());
            sleep(Duration.ofMillis(random.nextLong(settings.calm().toMillis() + 1)));
        }
    }

    /** Waits until all have got something done since then. */
    public void awaitRecovery(long since, String from) {
        long deadline = System.nanoTime() + RECOVERY_LIMIT.toNanos();
        while (!progress.allSince(since)) {
            if (System.nanoTime() > deadline) {
                violations.add(
                        "not everybody got something done within %s after %s"
                                .formatted(RECOVERY_LIMIT, from));
                return;
            }
            sleep(POLL);
        }
    }

    private void inject(Fault fault) throws IOException {
        Node node = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
        double share = settings.scale() * (0.2 + 0.8 * random.nextDouble());
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

    /** The run's own pace; what is awaited is asked for in between. */
    private static void sleep(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }
}
