package io.fleuve.simulator.live;

import io.fleuve.simulator.live.SimulationStatus.State;
import io.fleuve.simulator.publish.Destination;
import io.fleuve.simulator.publish.PublishedCounts;
import io.fleuve.simulator.scenario.ScenarioBoard;
import io.fleuve.simulator.simulation.GroundTruth;
import io.fleuve.simulator.simulation.Region;
import io.fleuve.simulator.simulation.SensorNetwork;
import io.fleuve.simulator.simulation.SimulatedReading;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The simulation as those who control it see it. Paused, it keeps what is under way. One that began
 * at the present goes on at the present; one that began at a given time goes on where it stood.
 * Safe for use by several threads.
 */
public final class Simulation implements AutoCloseable {

    private final SimulationSettings settings;
    private final Destination destination;
    private final InstantSource clock;
    private final ScenarioBoard scenarios;
    private final Course course;
    private final SortedSet<String> regions;
    private final PublishedCounts counts = new PublishedCounts();

    /** Held while the simulation is started or stopped, which waits for the thread. */
    private final Object control = new Object();

    private volatile Pace pace;
    private volatile @Nullable SimulationRunner runner;
    private @Nullable Thread thread;

    public Simulation(
            SimulationSettings settings,
            Destination destination,
            InstantSource clock,
            ScenarioBoard scenarios) {
        this.settings = settings;
        this.destination = destination;
        this.clock = clock;
        this.scenarios = scenarios;
        this.pace = settings.pace();
        this.course =
                new Course(
                        new SensorNetwork(
                                settings.seed(),
                                settings.regions(),
                                settings.faults(),
                                scenarios,
                                settings.maxHeldBack()));
        this.regions =
                Collections.unmodifiableSortedSet(
                        settings.regions().stream()
                                .map(Region::name)
                                .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** How far a simulation is. Belongs to one runner after the other; the position is for all. */
    static final class Course {

        final SensorNetwork network;
        final Deque<SimulatedReading> outbox = new ArrayDeque<>();
        volatile @Nullable Long nextMicros;

        Course(SensorNetwork network) {
            this.network = network;
        }
    }

    /** Begins, or goes on after a pause; does nothing if it runs. */
    public void start() {
        synchronized (control) {
            State state = state();
            if (state == State.RUNNING || state == State.FINISHED) {
                return;
            }
            SimulationRunner next =
                    new SimulationRunner(
                            settings, course, destination, pace, clock, scenarios, counts);
            runner = next;
            thread = Thread.ofPlatform().name("simulation").daemon().start(next);
        }
    }

    /** Pauses after what was sent is acknowledged, or a few seconds later. */
    public void pause() {
        synchronized (control) {
            SimulationRunner current = runner;
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

    /** Sets the pace, of a simulation that runs from the next reading on. */
    public void pace(Pace changed) {
        synchronized (control) {
            pace = changed;
            SimulationRunner current = runner;
            if (current != null) {
                current.pace(changed);
            }
        }
    }

    /** The pace that was set last. */
    public Pace pace() {
        return pace;
    }

    /** How many sensors there are. */
    public int sensors() {
        return course.network.sensors();
    }

    /** The names of the regions, sorted. */
    public SortedSet<String> regions() {
        return regions;
    }

    /** What was done in truth. */
    public GroundTruth truth() {
        return course.network.truth();
    }

    /** Readings of a region that were acknowledged since the process started. */
    public long published(String region) {
        return counts.acknowledged(region);
    }

    /** What the simulation does now. */
    public SimulationStatus status() {
        Instant now = clock.instant();
        SimulationRunner current = runner;
        Instant due = current == null ? null : current.due();
        Long next = course.nextMicros;
        var truth = truth().counts();
        return new SimulationStatus(
                state(),
                current == null ? null : current.detail(),
                settings.seed(),
                pace,
                scenarios.burstFactor(),
                sensors(),
                next == null ? null : Ticker.instant(next),
                counts.acknowledged(),
                counts.failures(),
                current == null ? 0 : current.unacknowledged(),
                truth.values().stream().mapToLong(GroundTruth.Counts::heldBack).sum(),
                counts.perSecond(now),
                due == null || due.isAfter(now) ? Duration.ZERO : Duration.between(due, now),
                truth,
                counts.byRegion());
    }

    private State state() {
        SimulationRunner current = runner;
        return current == null ? State.PAUSED : current.state();
    }

    /** Stops for good. */
    @Override
    public void close() {
        pause();
    }
}
