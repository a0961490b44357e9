package io.fleuve.simulator.web;

import io.fleuve.simulator.live.Simulation;
import io.fleuve.simulator.live.SimulationStatus;
import io.fleuve.simulator.replay.Replay;
import io.fleuve.simulator.replay.ReplayStatus;
import java.time.Instant;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Starts one source at a time: two that publish readings of the same regions under times of their
 * own would make each other's readings late.
 */
@Component
class Sources {

    private final Replay replay;
    private final Simulation simulation;

    Sources(Replay replay, Simulation simulation) {
        this.replay = replay;
        this.simulation = simulation;
    }

    /**
     * @throws SourceBusyException if the simulation runs
     */
    synchronized void startReplay() {
        requireNoSimulation();
        replay.start();
    }

    /**
     * @throws SourceBusyException if the simulation runs
     * @throws IllegalArgumentException if nothing was recorded at or after {@code from}
     */
    synchronized void restartReplay(Optional<Instant> from) {
        requireNoSimulation();
        replay.restart(from);
    }

    /**
     * @throws SourceBusyException if the replay runs
     */
    synchronized void startSimulation() {
        if (replay.status().state() == ReplayStatus.State.RUNNING) {
            throw new SourceBusyException(
                    "the replay is running; stop it first with POST /replay/stop");
        }
        simulation.start();
    }

    private void requireNoSimulation() {
        if (simulation.status().state() == SimulationStatus.State.RUNNING) {
            throw new SourceBusyException(
                    "the simulation is running; pause it first with PUT /simulation {\"state\": \"paused\"}");
        }
    }
}
