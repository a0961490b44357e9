package io.fleuve.simulator.web;

import io.fleuve.simulator.live.Simulation;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows and controls the simulation. Each change answers with the state after it. */
@RestController
@RequestMapping(path = "/simulation", produces = "application/json")
@Tag(
        name = "Simulation",
        description = "Temperatures of simulated sensors that fail as real ones do")
class SimulationController {

    private final Simulation simulation;
    private final Sources sources;

    SimulationController(Simulation simulation, Sources sources) {
        this.simulation = simulation;
        this.sources = sources;
    }

    @GetMapping
    @Operation(
            summary = "Shows what the simulation does",
            description = "With the truth by region: how many readings went wrong, and how.")
    SimulationView show() {
        return SimulationView.of(simulation.status());
    }

    @PutMapping(consumes = "application/json")
    @Operation(
            summary = "Starts, pauses, or changes the pace",
            description =
                    "What is left out stays as it is. A pause keeps what is under way. A new pace holds from the"
                            + " next reading on.")
    @ApiResponse(responseCode = "200", description = "It is so")
    @ApiResponse(responseCode = "400", description = "Something is out of range; nothing changed")
    @ApiResponse(responseCode = "409", description = "The replay is running")
    SimulationView change(@RequestBody SimulationChange change) {
        Optional<Boolean> running = change.running();
        change.pace(simulation.pace()).ifPresent(simulation::pace);
        running.ifPresent(
                run -> {
                    if (run) {
                        sources.startSimulation();
                    } else {
                        simulation.pause();
                    }
                });
        return show();
    }
}
