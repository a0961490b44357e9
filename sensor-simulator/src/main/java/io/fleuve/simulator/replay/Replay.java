package io.fleuve.simulator.replay;

import io.fleuve.simulator.replay.ReplayRunner.Progress;
import io.fleuve.simulator.replay.ReplayStatus.State;
import io.fleuve.simulator.scenario.ScenarioBoard;
import io.fleuve.simulator.source.ReadingSource;
import io.fleuve.simulator.source.RecordedReading;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The replay as those who control it see it. Each start looks up what is published and goes on from
 * there, so stopping, failing and being killed come to the same. Safe for use by several threads.
 */
public final class Replay implements AutoCloseable {

    private final ReadingSource source;
    private final ReadingLog.Factory logs;
    private final InstantSource clock;
    private final ScenarioBoard scenarios;
    private final SortedSet<String> regions;
    private final ReplayCounts counts = new ReplayCounts();

    /** Held while the replay is started or stopped, which waits for the thread. */
    private final Object control = new Object();

    private volatile ReplaySettings settings;
    private volatile @Nullable ReplayRunner runner;
    private @Nullable Thread thread;

    public Replay(
            ReadingSource source,
            ReadingLog.Factory logs,
            ReplaySettings settings,
            InstantSource clock,
            ScenarioBoard scenarios) {
        settings.startAt()
                .ifPresent(startAt -> ReplayPlan.firstRecorded(source, Optional.of(startAt)));
        this.source = source;
        this.regions =
                Collections.unmodifiableSortedSet(
                        source.readings().stream()
                                .map(RecordedReading::region)
                                .collect(Collectors.toCollection(TreeSet::new)));
        this.logs = logs;
        this.settings = settings;
        this.clock = clock;
        this.scenarios = scenarios;
    }

    /** Goes on after what is published; does nothing if the replay runs. */
    public void start() {
        synchronized (control) {
            if (status().state() != State.RUNNING) {
                launch(
                        published ->
                                ReplayPlan.resume(
                                        source,
                                        published,
                                        settings.startAt(),
                                        settings.times(),
                                        clock.instant()));
            }
        }
    }

    /**
     * Stops after what was sent is acknowledged, or a few seconds later; does nothing if the replay
     * does not run.
     */
    public void stop() {
        synchronized (control) {
            halt();
        }
    }

    /**
     * Begins a new run, later in event time than all that is published.
     *
     * @param from the recorded time to begin at; empty for the beginning of the source
     * @throws IllegalArgumentException if nothing was recorded at or after {@code from}
     */
    public void restart(Optional<Instant> from) {
        ReplayPlan.firstRecorded(source, from);
        synchronized (control) {
            halt();
            launch(
                    published ->
                            ReplayPlan.begin(
                                    source, published, from, settings.times(), clock.instant()));
        }
    }

    /** Sets the speed, of a replay that runs and of those to come. */
    public void speed(Speed speed) {
        synchronized (control) {
            settings = settings.at(speed);
            ReplayRunner current = runner;
            if (current != null) {
                current.speed(speed);
            }
        }
    }

    /** What the replay does now. */
    public ReplayStatus status() {
        Instant now = clock.instant();
        ReplayRunner current = runner;
        Progress progress =
                current == null
                        ? new Progress(State.STOPPED, null, null, 0, 0, 0, null)
                        : current.progress();
        Instant due = progress.due();
        return new ReplayStatus(
                progress.state(),
                progress.detail(),
                source.name(),
                progress.run(),
                progress.position(),
                source.readings().size(),
                progress.pass(),
                counts.published.acknowledged(),
                counts.skipped.sum(),
                counts.silenced.sum(),
                counts.published.failures(),
                progress.unacknowledged(),
                settings.speed().factor(),
                counts.published.perSecond(now),
                counts.published.eventTime(),
                due == null || due.isAfter(now) ? Duration.ZERO : Duration.between(due, now));
    }

    /** The names of the regions of the source, sorted. */
    public SortedSet<String> regions() {
        return regions;
    }

    /** Readings of a region that were acknowledged since the process started. */
    public long published(String region) {
        return counts.published.acknowledged(region);
    }

    /** Stops for good. */
    @Override
    public void close() {
        stop();
    }

    private void launch(Function<PublishedReadings, ReplayPlan> planner) {
        ReplayRunner next =
                new ReplayRunner(source, logs, planner, settings, clock, scenarios, counts);
        runner = next;
        thread = Thread.ofPlatform().name("replay").daemon().start(next);
    }

    private void halt() {
        ReplayRunner current = runner;
        Thread running = thread;
        if (current == null || running == null) {
            return;
        }
        current.stop();
        try {
            running.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
