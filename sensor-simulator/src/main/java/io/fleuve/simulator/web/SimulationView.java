package io.fleuve.simulator.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fleuve.simulator.live.Pace;
import io.fleuve.simulator.live.SimulationStatus;
import io.fleuve.simulator.simulation.Fault;
import io.fleuve.simulator.simulation.GroundTruth;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A simulation as JSON. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Simulation")
record SimulationView(
        SimulationStatus.State state,
        @Schema(description = "Why it waits or failed, if it does") @Nullable String detail,
        @Schema(description = "Decides all that is random") long seed,
        @Schema(
                        description = "Readings a second over all sensors, or \"max\"",
                        oneOf = {Double.class, String.class},
                        example = "2.1")
                Object rate,
        @Schema(description = "Seconds of simulated time for a second of the clock; absent at max")
                @Nullable Double speed,
        @Schema(description = "How many times as many readings bursts make of it now")
                double burstFactor,
        int sensors,
        @Schema(description = "The simulated time that comes next") @Nullable Instant simulatedTime,
        @Schema(description = "Readings acknowledged since the process started") long published,
        @Schema(description = "Readings that were refused since the process started") long failed,
        @Schema(description = "Readings on their way to the broker") int unacknowledged,
        @Schema(description = "Readings under way to the publisher: late, out of order, copies")
                long heldBack,
        @Schema(description = "Readings acknowledged a second, over the last ten seconds")
                double readingsPerSecond,
        @Schema(description = "How long the next reading is overdue") long lagMs,
        @Schema(description = "What was done in truth, by region: to measure others against")
                Map<String, RegionView> regions) {

    @Schema(name = "SimulatedRegion")
    record RegionView(
            @Schema(description = "How often sensors were asked") long asked,
            @Schema(description = "How often a scenario kept them from answering") long silenced,
            @Schema(description = "Readings handed on for publication, copies included") long given,
            @Schema(description = "Readings under way") long heldBack,
            @Schema(description = "Readings acknowledged") long published,
            @Schema(
                            description =
                                    "Readings that were made to go wrong, by kind; `outage` counts those that there"
                                            + " were none of")
                    Map<String, Long> faults) {}

    static SimulationView of(SimulationStatus status) {
        Map<String, RegionView> regions = new LinkedHashMap<>();
        status.truth()
                .forEach(
                        (name, counts) ->
                                regions.put(
                                        name,
                                        region(
                                                counts,
                                                status.acknowledgedByRegion()
                                                        .getOrDefault(name, 0L))));
        return new SimulationView(
                status.state(),
                status.detail(),
                status.seed(),
                switch (status.pace()) {
                    case Pace.Steady(double rate, double _) -> rate;
                    case Pace.Unlimited _ -> "max";
                },
                switch (status.pace()) {
                    case Pace.Steady(double _, double speed) -> speed;
                    case Pace.Unlimited _ -> null;
                },
                status.burstFactor(),
                status.sensors(),
                status.simulatedTime(),
                status.acknowledged(),
                status.failed(),
                status.unacknowledged(),
                status.heldBack(),
                status.readingsPerSecond(),
                status.lag().toMillis(),
                regions);
    }

    private static RegionView region(GroundTruth.Counts counts, long published) {
        Map<String, Long> faults = new LinkedHashMap<>();
        for (Fault fault : Fault.values()) {
            faults.put(fault.name().toLowerCase(Locale.ROOT), counts.of(fault));
        }
        return new RegionView(
                counts.asked(),
                counts.silenced(),
                counts.given(),
                counts.heldBack(),
                published,
                faults);
    }
}
