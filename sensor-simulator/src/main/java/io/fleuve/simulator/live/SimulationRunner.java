package io.fleuve.simulator.live;

import io.fleuve.simulator.live.Simulation.Course;
import io.fleuve.simulator.live.SimulationStatus.State;
import io.fleuve.simulator.publish.Destination;
import io.fleuve.simulator.publish.PublishedCounts;
import io.fleuve.simulator.publish.Reading;
import io.fleuve.simulator.publish.ReadingPublisher;
import io.fleuve.simulator.publish.UnreachableTopicException;
import io.fleuve.simulator.scenario.ScenarioBoard;
import io.fleuve.simulator.simulation.SimulatedReading;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks sensors and publishes what arrives, until the end is reached, a reading is refused, or
 * someone says stop. Runs once, on a thread of its own; the other methods may be called from any
 * thread.
 */
final class SimulationRunner implements Runnable, ReadingPublisher.Outcomes {

    private static final Logger LOGGER = LoggerFactory.getLogger(SimulationRunner.class);

    /** The clock is looked at this often while waiting, so that a clock that was set is noticed. */
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

    /** Short, since a full publisher is the normal case when there is no limit. */
    private static final Duration FULL_PAUSE = Duration.ofMillis(1);

    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
    private static final Duration FLUSH_ON_STOP = Duration.ofSeconds(5);

    private final SimulationSettings settings;
    private final Course course;
    private final Destination destination;
    private final InstantSource clock;
    private final ScenarioBoard scenarios;
    private final PublishedCounts counts;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Pace pace;
    private volatile boolean stopping;
    private volatile @Nullable String failure;

    private volatile State state = State.RUNNING;
    private volatile @Nullable String detail;
    private volatile @Nullable Instant due;
    private volatile int unacknowledged;

    SimulationRunner(
            SimulationSettings settings,
            Course course,
            Destination destination,
            Pace pace,
            InstantSource clock,
            ScenarioBoard scenarios,
            PublishedCounts counts) {
        this.settings = settings;
        this.course = course;
        this.destination = destination;
        this.pace = pace;
        this.clock = clock;
        this.scenarios = scenarios;
        this.counts = counts;
    }

    State state() {
        return state;
    }

    @Nullable String detail() {
        return detail;
    }

    @Nullable Instant due() {
        return due;
    }

    int unacknowledged() {
        return unacknowledged;
    }

    void stop() {
        change(() -> stopping = true);
    }

    void pace(Pace other) {
        change(() -> pace = other);
    }

    @Override
    public void acknowledged(Reading reading) {
        counts.acknowledged(reading, clock.instant());
    }

    @Override
    public void failed(Reading reading, String reason) {
        counts.failed();
        change(
                () ->
                        failure =
                                "the reading of %s observed at %s was refused: %s"
                                        .formatted(reading.sensor(), reading.observedAt(), reason));
    }

    @Override
    public void run() {
        State end = State.FAILED;
        String why = null;
        try (ReadingPublisher publisher = destination.publisher(this)) {
            end = simulate(publisher);
            why = failure;
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).log("simulation broke off");
            why = String.valueOf(e.getMessage());
        }
        due = null;
        unacknowledged = 0;
        detail = why;
        state = end;
        LOGGER.atInfo()
                .addKeyValue("state", end)
                .addKeyValue("acknowledged", counts.acknowledged())
                .addKeyValue("detail", why)
                .log("simulation ended");
    }

    private State simulate(ReadingPublisher publisher) {
        if (!awaitTopic()) {
            return State.PAUSED;
        }
        LOGGER.atInfo()
                .addKeyValue("seed", settings.seed())
                .addKeyValue("regions", settings.regions().size())
                .addKeyValue("sensors", course.network.sensors())
                .addKeyValue("from", Ticker.instant(begin()))
                .log("simulation begins");
        publish(publisher);
        while (!ending() && !publisher.flush(RETRY_PAUSE)) {
            unacknowledged = publisher.unacknowledged();
            detail = "waiting for the broker to acknowledge what was sent";
        }
        if (failure != null) {
            return State.FAILED;
        }
        if (!stopping) {
            return State.FINISHED;
        }
        publisher.flush(FLUSH_ON_STOP);
        return State.PAUSED;
    }

    private boolean awaitTopic() {
        boolean told = false;
        while (!ending()) {
            try {
                destination.createIfAbsent();
                detail = null;
                return true;
            } catch (UnreachableTopicException e) {
                detail = e.getMessage();
                if (!told) {
                    told = true;
                    LOGGER.atWarn()
                            .addKeyValue("reason", e.getMessage())
                            .log("waiting for the broker");
                }
                pause(RETRY_PAUSE);
            }
        }
        return false;
    }

    /** The moment to begin at: that of the last pause, or the present if time went on since. */
    private long begin() {
        Long stood = course.nextMicros;
        long now = Ticker.micros(clock.instant());
        if (settings.startAt().isPresent()) {
            return stood == null ? Ticker.micros(settings.startAt().get()) : stood;
        }
        return stood == null ? now : Math.max(stood, now);
    }

    private void publish(ReadingPublisher publisher) {
        long end = settings.endAt().map(Ticker::micros).orElse(Long.MAX_VALUE);
        Ticker ticker = ticker(begin());
        while (!ending()) {
            if (!course.outbox.isEmpty()) {
                deliver(publisher);
            } else if (ticker.micros() >= end) {
                course.network.drain(course.outbox::add);
                if (course.outbox.isEmpty()) {
                    return;
                }
            } else {
                if (!ticker.is(pace, scenarios.burstFactor())) {
                    ticker = ticker(ticker.micros());
                }
                tick(ticker, publisher);
            }
        }
    }

    /**
     * A new pace holds from the next reading on, which is due at once: the past is neither repeated
     * nor made up.
     */
    private Ticker ticker(long nextMicros) {
        return new Ticker(
                pace,
                scenarios.burstFactor(),
                course.network.sensors(),
                nextMicros,
                clock.instant());
    }

    private void tick(Ticker ticker, ReadingPublisher publisher) {
        Instant now = clock.instant();
        Instant next = ticker.due();
        due = next;
        unacknowledged = publisher.unacknowledged();
        Duration early = Duration.between(now, next);
        if (early.isPositive()) {
            detail =
                    ticker.waitsForThePresent()
                            ? "simulated time has reached the present and goes with the clock"
                            : null;
            pause(early.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : early);
            return;
        }
        long micros = ticker.micros();
        detail = null;
        scenarios.reached(micros);
        course.network.ask(micros, ticker.intervalMicros(), course.outbox::add);
        ticker.advance(now);
        course.nextMicros = ticker.micros();
    }

    private void deliver(ReadingPublisher publisher) {
        SimulatedReading reading = course.outbox.element();
        if (publisher.offer(published(reading))) {
            course.outbox.remove();
            return;
        }
        detail = "waiting for the broker to take more";
        unacknowledged = publisher.unacknowledged();
        pause(FULL_PAUSE);
    }

    private static Reading published(SimulatedReading reading) {
        return new Reading(
                reading.sensor(),
                reading.region(),
                reading.celsius(),
                reading.observedAt(),
                null,
                reading.scenarios(),
                Map.of());
    }

    private boolean ending() {
        return stopping || failure != null;
    }

    private void pause(Duration atMost) {
        lock.lock();
        try {
            Pace before = pace;
            long left = atMost.toNanos();
            while (left > 0 && !ending() && pace.equals(before)) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            stopping = true;
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable write) {
        lock.lock();
        try {
            write.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
