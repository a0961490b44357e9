package io.fleuve.simulator.gateway;

import io.fleuve.simulator.gateway.GatewayClient.Answer;
import io.fleuve.simulator.publish.Reading;
import io.fleuve.simulator.publish.ReadingPublisher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes through the gateway. The readings of a region go through one lane, which has one
 * request under way at a time, so they keep their order. A request is a batch that is written
 * wholly or not at all; it is repeated under the same Idempotency-Key until there is an answer, so
 * a lost answer does not write it twice (for as long as the gateway remembers the key: an hour,
 * unless it is set otherwise).
 */
final class GatewayPublisher implements ReadingPublisher {

    private static final Logger LOGGER = LoggerFactory.getLogger(GatewayPublisher.class);
    private static final long FIRST_BACKOFF_MS = 100;
    private static final long LONGEST_BACKOFF_MS = 10_000;
    private static final long LONGEST_RETRY_AFTER_MS = 300_000;

    /** A topic that was made a moment ago may be unknown to the gateway for a while. */
    private static final int NOT_FOUND_ATTEMPTS = 15;

    private final GatewayTopic topic;
    private final Outcomes outcomes;
    private final LongAdder retries;
    private final GatewayClient client;
    private final Semaphore permits;
    private final List<Lane> lanes = new ArrayList<>();
    private volatile boolean closed;

    GatewayPublisher(GatewayTopic topic, Outcomes outcomes, LongAdder retries) {
        this.topic = topic;
        this.outcomes = outcomes;
        this.retries = retries;
        this.client = new GatewayClient(topic);
        this.permits = new Semaphore(topic.maxUnacknowledged());
        for (int i = 0; i < topic.lanes(); i++) {
            Lane lane = new Lane();
            lanes.add(lane);
            lane.thread.start();
        }
    }

    @Override
    public boolean offer(Reading reading) {
        if (!permits.tryAcquire()) {
            return false;
        }
        // Its bound is that of the permits.
        lanes.get(Math.floorMod(reading.region().hashCode(), lanes.size())).queue.add(reading);
        return true;
    }

    @Override
    public int unacknowledged() {
        return topic.maxUnacknowledged() - permits.availablePermits();
    }

    @Override
    public boolean flush(Duration timeout) {
        try {
            boolean done =
                    permits.tryAcquire(
                            topic.maxUnacknowledged(), timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (done) {
                permits.release(topic.maxUnacknowledged());
            }
            return done;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        lanes.forEach(lane -> lane.thread.interrupt());
        client.close();
    }

    /** One request after the other. */
    private final class Lane implements Runnable {

        private final BlockingQueue<Reading> queue = new LinkedBlockingQueue<>();
        private final Thread thread = Thread.ofVirtual().name("gateway-lane").unstarted(this);

        @Override
        public void run() {
            List<Reading> readings = new ArrayList<>();
            try {
                while (!closed) {
                    readings.add(queue.take());
                    queue.drainTo(readings, topic.batchReadings() - 1);
                    publish(ReadingBatch.of(readings));
                    readings.clear();
                }
            } catch (InterruptedException _) {
                // Closed: what is left is given up.
            } catch (RuntimeException e) {
                if (!closed) {
                    LOGGER.atError().setCause(e).log("lane to the gateway broke off");
                    settle(readings, String.valueOf(e.getMessage()));
                }
            }
        }
    }

    private void publish(ReadingBatch batch) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            long retryAfterMs = 0;
            try {
                Answer answer =
                        client.post(
                                "/v3/clusters/any/topics/" + topic.name() + "/records:batch",
                                batch.body(),
                                batch.key());
                if (answer.status() == 200 || answer.status() == 207) {
                    settle(batch.readings(), null);
                    return;
                }
                boolean again =
                        answer.isRetriable()
                                || answer.status() == 404 && attempt < NOT_FOUND_ATTEMPTS;
                if (!again) {
                    settle(batch.readings(), answer.reason());
                    return;
                }
                retryAfterMs = answer.retryAfterMs();
            } catch (IOException e) {
                // Whether it was written is not known; the key makes that no matter.
                LOGGER.atDebug().addKeyValue("attempt", attempt).setCause(e).log("no answer");
            }
            retries.increment();
            TimeUnit.MILLISECONDS.sleep(pauseMs(attempt, retryAfterMs));
        }
    }

    /** What the gateway asks for, or full jitter below a bound that doubles. */
    static long pauseMs(int attempt, long retryAfterMs) {
        if (retryAfterMs > 0) {
            return Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS);
        }
        long bound = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS << Math.min(attempt - 1, 10));
        return ThreadLocalRandom.current().nextLong(1, bound + 1);
    }

    private void settle(List<Reading> readings, @Nullable String refusal) {
        permits.release(readings.size());
        if (closed) {
            // Given up: a later run looks up what became of it.
            return;
        }
        for (Reading reading : readings) {
            if (refusal == null) {
                outcomes.acknowledged(reading);
            } else {
                outcomes.failed(reading, refusal);
            }
        }
    }
}
