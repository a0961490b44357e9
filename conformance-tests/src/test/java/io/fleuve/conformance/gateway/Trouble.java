package io.fleuve.conformance.gateway;

import io.fleuve.conformance.faults.Fault;
import io.fleuve.conformance.faults.FaultedCluster;
import io.fleuve.conformance.faults.FaultedCluster.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** What happens to the broker of a gateway, or on the way there; right again afterwards. */
enum Trouble {
    AWAY("killed with SIGKILL, away, started again", 1, 20),
    STOPPED("stopped with SIGSTOP", 5, 20),
    SLOW("each piece of a message late by 0.1 to 1 s", 5, 20),
    CUT("connections cut, several times", 1, 5),
    CUT_IN_ANSWER("connections cut within answers", 1, 5),
    SILENT("connections accepted, never answered", 5, 20);

    private final String description;
    private final int shortestSeconds;
    private final int longestSeconds;

    Trouble(String description, int shortestSeconds, int longestSeconds) {
        this.description = description;
        this.shortestSeconds = shortestSeconds;
        this.longestSeconds = longestSeconds;
    }

    String description() {
        return description;
    }

    /** A length within its bounds, scaled; one second at least. */
    Duration length(SplittableRandom random, double scale) {
        double seconds = shortestSeconds + (longestSeconds - shortestSeconds) * random.nextDouble();
        return Duration.ofMillis((long) Math.max(1_000, 1_000 * seconds * scale));
    }

    /** Makes it happen, and ends it. */
    void inject(FaultedCluster cluster, Duration time, SplittableRandom random) throws IOException {
        Node node = cluster.nodes().getFirst();
        switch (this) {
            case AWAY -> Fault.BROKER_KILLED.inject(cluster, node, time, random);
            case STOPPED -> Fault.BROKER_FROZEN.inject(cluster, node, time, random);
            case CUT -> Fault.CLIENTS_CUT.inject(cluster, node, time, random);
            case CUT_IN_ANSWER -> Fault.CLIENTS_CUT_IN_ANSWER.inject(cluster, node, time, random);
            case SILENT -> Fault.CLIENTS_SILENT.inject(cluster, node, time, random);
            case SLOW -> {
                node.clients().slowDown(Duration.ofMillis(100 + random.nextInt(900)));
                long end = System.nanoTime() + time.toNanos();
                while (System.nanoTime() < end) {
                    LockSupport.parkNanos(end - System.nanoTime());
                }
                node.clients().resume();
            }
        }
    }
}
