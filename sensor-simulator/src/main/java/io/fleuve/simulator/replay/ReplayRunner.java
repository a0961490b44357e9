package io.fleuve.simulator.replay;

import io.fleuve.simulator.publish.Reading;
import io.fleuve.simulator.publish.ReadingPublisher;
import io.fleuve.simulator.publish.UnreachableTopicException;
import io.fleuve.simulator.replay.ReplayStatus.State;
import io.fleuve.simulator.scenario.Influence;
import io.fleuve.simulator.scenario.ScenarioBoard;
import io.fleuve.simulator.source.ReadingSource;
import io.fleuve.simulator.source.RecordedReading;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes from where a plan begins until the source ends, a reading is refused, or someone says
 * stop. Runs once, on a thread of its own; the other methods may be called from any thread.
 */
final class ReplayRunner implements Runnable, ReadingPublisher.Outcomes {

    private static final Logger LOGGER = LoggerFactory.getLogger(ReplayRunner.class);

    /** The clock is looked at this often while waiting, so that a clock that was set is noticed. */
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

    /** Short, since a full log is the normal case when there is no pacing. */
    private static final Duration FULL_PAUSE = Duration.ofMillis(10);

    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
    private static final Duration FLUSH_ON_STOP = Duration.ofSeconds(5);
    private static final Duration WORTH_MENTIONING = Duration.ofMinutes(1);

    private final ReadingSource source;
    private final ReadingLog.Factory logs;
    private final Function<PublishedReadings, ReplayPlan> planner;
    private final boolean loop;
    private final InstantSource clock;
    private final ScenarioBoard scenarios;
    private final ReplayCounts counts;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Speed speed;
    private boolean stopping;
    private @Nullable String failure;

    /** Written by the running thread alone. */
    private volatile Progress progress = new Progress(State.RUNNING, null, null, 0, 0, 0, null);

    /** Where a runner stands. */
    record Progress(
            State state,
            @Nullable String detail,
            @Nullable ReplayRun run,
            int position,
            long pass,
            int unacknowledged,
            @Nullable Instant due) {

        Progress ended(State end, @Nullable String why) {
            return new Progress(end, why, run, position, pass, 0, null);
        }

        Progress waiting(String why) {
            return new Progress(state, why, run, position, pass, unacknowledged, due);
        }
    }

    ReplayRunner(
            ReadingSource source,
            ReadingLog.Factory logs,
            Function<PublishedReadings, ReplayPlan> planner,
            ReplaySettings settings,
            InstantSource clock,
            ScenarioBoard scenarios,
            ReplayCounts counts) {
        this.source = source;
        this.logs = logs;
        this.planner = planner;
        this.loop = settings.loop();
        this.speed = settings.speed();
        this.clock = clock;
        this.scenarios = scenarios;
        this.counts = counts;
    }

    Progress progress() {
        return progress;
    }

    void stop() {
        change(() -> stopping = true);
    }

    void speed(Speed newSpeed) {
        change(() -> speed = newSpeed);
    }

    @Override
    public void acknowledged(Reading reading) {
        counts.published.acknowledged(reading, clock.instant());
    }

    @Override
    public void failed(Reading reading, String reason) {
        counts.published.failed();
        change(
                () ->
                        failure =
                                "the reading of %s recorded at %s was refused: %s"
                                        .formatted(reading.region(), reading.recordedAt(), reason));
    }

    @Override
    public void run() {
        State end = State.FAILED;
        String detail = null;
        try (ReadingLog log = logs.open(this)) {
            end = replay(log);
            detail = failure();
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).log("replay broke off");
            detail = String.valueOf(e.getMessage());
        }
        progress = progress.ended(end, detail);
        LOGGER.atInfo()
                .addKeyValue("state", end)
                .addKeyValue("position", progress.position())
                .addKeyValue("sent", counts.published.acknowledged())
                .addKeyValue("detail", detail)
                .log("replay ended");
    }

    private State replay(ReadingLog log) {
        Optional<PublishedReadings> published = awaitPublished(log);
        if (published.isEmpty()) {
            return State.STOPPED;
        }
        ReplayPlan plan = planner.apply(published.get());
        ReplayCursor cursor = new ReplayCursor(source, plan, loop);
        LOGGER.atInfo()
                .addKeyValue("source", source.name())
                .addKeyValue("recordedFrom", plan.run().recordedFrom())
                .addKeyValue("observedFrom", plan.run().observedFrom())
                .addKeyValue("position", cursor.position())
                .log("replay begins");
        publish(log, plan.run(), cursor);
        while (!interrupted() && !log.flush(RETRY_PAUSE)) {
            progress = progress.waiting("waiting for the broker to acknowledge what was sent");
        }
        if (failure() != null) {
            return State.FAILED;
        }
        if (!stopRequested()) {
            return State.FINISHED;
        }
        log.flush(FLUSH_ON_STOP);
        return State.STOPPED;
    }

    private Optional<PublishedReadings> awaitPublished(ReadingLog log) {
        Set<String> series =
                source.readings().stream().map(RecordedReading::series).collect(Collectors.toSet());
        boolean told = false;
        while (!interrupted()) {
            try {
                return Optional.of(log.published(series));
            } catch (UnreachableTopicException e) {
                progress = progress.waiting(String.valueOf(e.getMessage()));
                if (!told) {
                    told = true;
                    LOGGER.atWarn()
                            .addKeyValue("reason", e.getMessage())
                            .log("waiting for the broker");
                }
                pause(RETRY_PAUSE);
            }
        }
        return Optional.empty();
    }

    private void publish(ReadingLog log, ReplayRun run, ReplayCursor cursor) {
        Optional<RebasedReading> next = cursor.next();
        Schedule schedule = schedule(next);
        while (next.isPresent() && !interrupted()) {
            RebasedReading reading = next.get();
            if (!schedule.speed().equals(currentSpeed())) {
                schedule = schedule(next);
            }
            Instant due = schedule.dueAt(reading.observedAt());
            Duration early = Duration.between(clock.instant(), due);
            String detail =
                    early.compareTo(WORTH_MENTIONING) > 0
                            ? "the next reading is due at " + due
                            : null;
            progress =
                    new Progress(
                            State.RUNNING,
                            detail,
                            run,
                            cursor.position(),
                            cursor.pass(),
                            log.unacknowledged(),
                            due);
            if (early.isPositive()) {
                pause(early.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : early);
            } else if (handled(log, run, reading)) {
                cursor.advance();
            } else {
                progress = progress.waiting("waiting for the broker to take more");
                pause(FULL_PAUSE);
            }
            next = cursor.next();
        }
        progress =
                new Progress(
                        State.RUNNING,
                        null,
                        run,
                        cursor.position(),
                        cursor.pass(),
                        log.unacknowledged(),
                        null);
    }

    /** Publishes a reading or passes over it. Returns false if it must be tried again. */
    private boolean handled(ReadingLog log, ReplayRun run, RebasedReading reading) {
        if (reading.recorded().celsius().isEmpty()) {
            counts.skipped.increment();
            return true;
        }
        long micros = micros(reading.observedAt());
        scenarios.reached(micros);
        Influence influence =
                scenarios.on(reading.recorded().region(), reading.recorded().sensor(), micros);
        if (influence.silent()) {
            counts.silenced.increment();
            return true;
        }
        return log.offer(run, reading.under(influence));
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    /**
     * A new speed holds from the next reading on, which is due at once: the past is neither
     * repeated nor made up.
     */
    private Schedule schedule(Optional<RebasedReading> next) {
        Instant now = clock.instant();
        return new Schedule(now, next.map(RebasedReading::observedAt).orElse(now), currentSpeed());
    }

    private void pause(Duration atMost) {
        lock.lock();
        try {
            Speed before = speed;
            long left = atMost.toNanos();
            while (left > 0 && !stopping && failure == null && speed.equals(before)) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            stopping = true;
        } finally {
            lock.unlock();
        }
    }

    private boolean interrupted() {
        return stopRequested() || failure() != null;
    }

    private boolean stopRequested() {
        return locked(() -> stopping);
    }

    private @Nullable String failure() {
        lock.lock();
        try {
            return failure;
        } finally {
            lock.unlock();
        }
    }

    /** The speed that was set, times that of the bursts that are on. */
    private Speed currentSpeed() {
        Speed set = locked(() -> speed);
        double factor = scenarios.burstFactor();
        return factor == 1 ? set : new Speed(Math.min(Speed.UNPACED, set.factor() * factor));
    }

    private <T> T locked(Supplier<T> read) {
        lock.lock();
        try {
            return read.get();
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
