package io.fleuve.gateway.kafka;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a broker answers, asked at most once in a few seconds however often one wants to know.
 */
public final class BrokerReachability {

    private static final Duration FRESH = Duration.ofSeconds(3);
    private static final Duration WAIT = Duration.ofSeconds(2);

    private final ClusterAdmin admin;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable State last;

    public BrokerReachability(ClusterAdmin admin, Clock clock) {
        this.admin = admin;
        this.clock = clock;
    }

    /** What is known about the brokers. */
    public sealed interface Outcome {

        record Reachable(String clusterId, int brokers) implements Outcome {}

        record Unreachable(String reason) implements Outcome {}
    }

    private record State(Outcome outcome, long askedAtMs) {}

    public Outcome check() {
        lock.lock();
        try {
            State known = last;
            if (known == null || clock.millis() - known.askedAtMs() >= FRESH.toMillis()) {
                known = new State(ask(), clock.millis());
                last = known;
            }
            return known.outcome();
        } finally {
            lock.unlock();
        }
    }

    private Outcome ask() {
        try {
            ClusterAdmin.Cluster cluster = admin.describeCluster(WAIT);
            return new Outcome.Reachable(cluster.id(), cluster.nodes().size());
        } catch (KafkaException e) {
            String message = e.getMessage();
            return new Outcome.Unreachable(
                    message == null ? e.getClass().getSimpleName() : message);
        }
    }
}
