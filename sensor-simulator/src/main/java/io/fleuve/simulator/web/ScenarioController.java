package io.fleuve.simulator.web;

import io.fleuve.simulator.live.Pace;
import io.fleuve.simulator.live.Simulation;
import io.fleuve.simulator.live.SimulationStatus;
import io.fleuve.simulator.scenario.KnownPlaces;
import io.fleuve.simulator.scenario.PlacedScenario;
import io.fleuve.simulator.scenario.Scenario;
import io.fleuve.simulator.scenario.ScenarioBoard;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Heat waves, cold snaps, silence and bursts of load, on whichever source runs. */
@RestController
@RequestMapping(path = "/scenarios", produces = "application/json")
@Tag(name = "Scenarios", description = "What happens to weather, sensors and load while they run")
class ScenarioController {

    private final ScenarioBoard board;
    private final KnownPlaces places;
    private final Simulation simulation;

    ScenarioController(ScenarioBoard board, KnownPlaces places, Simulation simulation) {
        this.board = board;
        this.places = places;
        this.simulation = simulation;
    }

    @GetMapping
    @Operation(summary = "Lists the scenarios, the oldest first")
    List<ScenarioView> list() {
        return board.all().stream().map(this::view).toList();
    }

    @PostMapping(consumes = "application/json")
    @Operation(
            summary = "Places a scenario",
            description =
                    "A heat wave and a cold snap change what sensors measure, a silence takes their readings away:"
                            + " for so long in the time of the readings, whatever the speed. A burst makes a"
                            + " simulation ask its sensors more often, and a replay run faster, for so long by the"
                            + " clock. Readings that are changed name the scenario in `scenarios`. Scenarios end with"
                            + " the process.")
    @ApiResponse(responseCode = "201", description = "It is on, or waits for its time")
    @ApiResponse(responseCode = "400", description = "It is none; the detail says why")
    @ApiResponse(responseCode = "409", description = "There are too many, or it would do nothing")
    ResponseEntity<ScenarioView> place(@RequestBody ScenarioRequest request) {
        Scenario scenario = request.scenario();
        places.check(request.scope());
        if (scenario instanceof Scenario.Burst && runsWithoutLimit()) {
            throw new SourceBusyException(
                    "the simulation runs as fast as it can already; set a rate first with PUT /simulation");
        }
        PlacedScenario placed = board.place(scenario, request.from());
        return ResponseEntity.created(URI.create("/scenarios/" + placed.id())).body(view(placed));
    }

    private boolean runsWithoutLimit() {
        return simulation.pace() instanceof Pace.Unlimited
                && simulation.status().state() == SimulationStatus.State.RUNNING;
    }

    @GetMapping("/{id}")
    @Operation(summary = "Shows a scenario")
    @ApiResponse(responseCode = "404", description = "There is none of this id")
    ScenarioView show(@PathVariable("id") String id) {
        return board.find(id).map(this::view).orElseThrow(() -> new UnknownScenarioException(id));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Ends a scenario at once and forgets it")
    @ApiResponse(responseCode = "204", description = "It is over")
    @ApiResponse(responseCode = "404", description = "There is none of this id")
    void remove(@PathVariable("id") String id) {
        if (!board.remove(id)) {
            throw new UnknownScenarioException(id);
        }
    }

    private ScenarioView view(PlacedScenario placed) {
        return ScenarioView.of(placed, board.stateOf(placed));
    }
}
