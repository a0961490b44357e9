package io.fleuve.simulator;

import io.fleuve.simulator.live.Simulation;
import io.fleuve.simulator.publish.Destination;
import io.fleuve.simulator.replay.Replay;
import io.fleuve.simulator.scenario.ScenarioBoard;
import io.fleuve.simulator.simulation.Fault;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** What an operator sees of replay, simulation and scenarios. */
final class SimulatorMeters implements MeterBinder {

    private static final String READINGS = "fleuve.simulator.readings";

    private final Replay replay;
    private final Simulation simulation;
    private final ScenarioBoard scenarios;
    private final Destination destination;

    SimulatorMeters(
            Replay replay,
            Simulation simulation,
            ScenarioBoard scenarios,
            Destination destination) {
        this.replay = replay;
        this.simulation = simulation;
        this.scenarios = scenarios;
        this.destination = destination;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bindReplay(registry);
        bindSimulation(registry);
        published(registry, "replay", replay.regions(), replay, Replay::published);
        published(registry, "simulation", simulation.regions(), simulation, Simulation::published);
        Gauge.builder("fleuve.simulator.scenarios.active", scenarios, ScenarioBoard::active)
                .description("Scenarios that are on")
                .register(registry);
        FunctionCounter.builder(
                        "fleuve.simulator.publish.retries", destination, Destination::retries)
                .description("Attempts to publish that had to be repeated")
                .register(registry);
        errors(registry, "replay", replay, r -> r.status().failed());
        errors(registry, "simulation", simulation, s -> s.status().failed());
        lag(registry, "replay", replay, r -> r.status().lag().toMillis() / 1e3);
        lag(registry, "simulation", simulation, s -> s.status().lag().toMillis() / 1e3);
    }

    private void bindReplay(MeterRegistry registry) {
        outcome(registry, "sent", "acknowledged by the broker", r -> r.status().sent());
        outcome(registry, "skipped", "passed over, being blank", r -> r.status().skipped());
        outcome(registry, "silenced", "kept back by a scenario", r -> r.status().silenced());
        outcome(registry, "failed", "refused by the broker", r -> r.status().failed());
        Gauge.builder("fleuve.simulator.unacknowledged", replay, r -> r.status().unacknowledged())
                .description("Readings of the replay on their way to the broker")
                .register(registry);
        Gauge.builder("fleuve.simulator.progress", replay, r -> r.status().progress())
                .description("Part of the data that lies behind, from 0 to 1")
                .register(registry);
        Gauge.builder("fleuve.simulator.lag", replay, r -> r.status().lag().toMillis() / 1e3)
                .baseUnit("seconds")
                .description("How long the next reading of the replay is overdue")
                .register(registry);
        Gauge.builder("fleuve.simulator.speed", replay, r -> r.status().speed())
                .description("Seconds of recorded time for a second of the clock")
                .register(registry);
    }

    private void bindSimulation(MeterRegistry registry) {
        for (Fault fault : Fault.values()) {
            FunctionCounter.builder(
                            "fleuve.simulator.faults", simulation, s -> s.truth().total(fault))
                    .tag("kind", fault.name().toLowerCase(Locale.ROOT))
                    .description("Readings that were made to go wrong")
                    .register(registry);
        }
        Gauge.builder("fleuve.simulator.held.back", simulation, s -> s.status().heldBack())
                .description("Simulated readings under way: late, out of order, or copies")
                .register(registry);
        Gauge.builder(
                        "fleuve.simulator.simulation.unacknowledged",
                        simulation,
                        s -> s.status().unacknowledged())
                .description("Simulated readings on their way to the broker")
                .register(registry);
        Gauge.builder(
                        "fleuve.simulator.simulation.rate",
                        simulation,
                        s -> s.status().readingsPerSecond())
                .description("Simulated readings acknowledged a second")
                .register(registry);
    }

    private void outcome(
            MeterRegistry registry, String tag, String meaning, ToDoubleFunction<Replay> count) {
        FunctionCounter.builder(READINGS, replay, count)
                .tag("outcome", tag)
                .description("Recorded readings " + meaning)
                .register(registry);
    }

    /** A counter for each region: their number is bounded where sources are made. */
    private static <T> void published(
            MeterRegistry registry,
            String source,
            Set<String> regions,
            T counted,
            PublishedOf<T> published) {
        for (String region : regions) {
            FunctionCounter.builder(
                            "fleuve.simulator.published", counted, c -> published.of(c, region))
                    .tag("source", source)
                    .tag("region", region)
                    .description("Readings that are durable")
                    .register(registry);
        }
    }

    /** How many readings of a region a source published. */
    @FunctionalInterface
    private interface PublishedOf<T> {

        long of(T source, String region);
    }

    private static <T> void errors(
            MeterRegistry registry, String source, T counted, ToDoubleFunction<T> failed) {
        FunctionCounter.builder("fleuve.simulator.publish.errors", counted, failed)
                .tag("source", source)
                .description("Readings that were refused for good")
                .register(registry);
    }

    private static <T> void lag(
            MeterRegistry registry, String source, T timed, ToDoubleFunction<T> seconds) {
        Gauge.builder("fleuve.simulator.schedule.lag", timed, seconds)
                .tag("source", source)
                .baseUnit("seconds")
                .description("How long the next reading is overdue")
                .register(registry);
    }
}
