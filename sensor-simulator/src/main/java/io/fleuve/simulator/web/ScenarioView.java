package io.fleuve.simulator.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fleuve.simulator.scenario.PlacedScenario;
import io.fleuve.simulator.scenario.Scenario;
import io.fleuve.simulator.scenario.Scope;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A scenario as JSON. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Scenario")
record ScenarioView(
        String id,
        @Schema(example = "heat-wave") String type,
        PlacedScenario.State state,
        @Schema(description = "Which regions; empty for all") @Nullable List<String> regions,
        @Schema(description = "Which sensors; empty for all") @Nullable List<String> sensors,
        @Nullable Double degrees,
        @Nullable Duration ramp,
        @Nullable Double factor,
        Duration duration,
        @Schema(
                        description =
                                "When it begins: by the clock for a burst, in the time of readings for others;"
                                        + " absent while it waits for the first reading")
                @Nullable Instant startsAt,
        @Schema(description = "When it ends, by the same clock") @Nullable Instant endsAt,
        Instant createdAt) {

    static ScenarioView of(PlacedScenario placed, PlacedScenario.State state) {
        return switch (placed.scenario()) {
            case Scenario.HeatWave(Scope scope, double degrees, Duration ramp, Duration _) ->
                    view(placed, state, "heat-wave", scope, degrees, ramp);
            case Scenario.ColdSnap(Scope scope, double degrees, Duration ramp, Duration _) ->
                    view(placed, state, "cold-snap", scope, degrees, ramp);
            case Scenario.Silence(Scope scope, Duration _) ->
                    view(placed, state, "silence", scope, null, null);
            case Scenario.Burst(double factor, Duration duration) ->
                    new ScenarioView(
                            placed.id(),
                            "burst",
                            state,
                            null,
                            null,
                            null,
                            null,
                            factor,
                            duration,
                            placed.from(),
                            placed.until(),
                            placed.createdAt());
        };
    }

    private static ScenarioView view(
            PlacedScenario placed,
            PlacedScenario.State state,
            String type,
            Scope scope,
            @Nullable Double degrees,
            @Nullable Duration ramp) {
        return new ScenarioView(
                placed.id(),
                type,
                state,
                scope.regions().stream().sorted().toList(),
                scope.sensors().stream().sorted().toList(),
                degrees,
                ramp,
                null,
                placed.scenario().duration(),
                placed.from(),
                placed.until(),
                placed.createdAt());
    }
}
