package io.fleuve.simulator.web;

import io.fleuve.simulator.replay.Replay;
import io.fleuve.simulator.replay.Speed;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows and controls the replay. Each change answers with the state after it. */
@RestController
@RequestMapping(path = "/replay", produces = "application/json")
@Tag(name = "Replay", description = "Recorded temperatures, published as if they were measured now")
class ReplayController {

    private final Replay replay;
    private final Sources sources;

    ReplayController(Replay replay, Sources sources) {
        this.replay = replay;
        this.sources = sources;
    }

    @GetMapping
    @Operation(summary = "Shows what the replay does")
    ReplayView show() {
        return ReplayView.of(replay.status());
    }

    @PostMapping("/start")
    @Operation(
            summary = "Goes on after the newest reading in the topic",
            description = "Does nothing to one that runs.")
    @ApiResponse(responseCode = "200", description = "It runs")
    @ApiResponse(responseCode = "409", description = "The simulation is running")
    ReplayView start() {
        sources.startReplay();
        return show();
    }

    @PostMapping("/stop")
    @Operation(
            summary = "Stops after what is on its way",
            description = "Waits for that, a few seconds at most.")
    ReplayView stop() {
        replay.stop();
        return show();
    }

    @PutMapping("/speed")
    @Operation(summary = "Sets the speed")
    @ApiResponse(responseCode = "200", description = "The speed holds from the next reading on")
    @ApiResponse(responseCode = "400", description = "The speed is missing or out of range")
    ReplayView speed(@RequestBody SpeedChange change) {
        Double speed = change.speed();
        if (speed == null) {
            throw new IllegalArgumentException("speed is missing; give {\"speed\": 3600}");
        }
        replay.speed(new Speed(speed));
        return show();
    }

    @PostMapping("/restart")
    @Operation(
            summary = "Begins again",
            description =
                    "Published times only move forward: the new run comes after all that is in the topic. Where"
                            + " that reaches the present, readings wait for their time to come. To replay the past again,"
                            + " delete the topic first.")
    @ApiResponse(responseCode = "200", description = "The new run has begun")
    @ApiResponse(
            responseCode = "400",
            description = "Not a time, or nothing was recorded at or after it")
    @ApiResponse(responseCode = "409", description = "The simulation is running")
    ReplayView restart(
            @Parameter(
                            description =
                                    "The recorded time to begin at; without it, the beginning of the data")
                    @RequestParam(required = false)
                    @Schema(example = "2024-04-01T00:00:00Z")
                    @Nullable String from) {
        sources.restartReplay(time(from));
        return show();
    }

    /** The body of a change of speed. */
    @Schema(name = "SpeedChange")
    record SpeedChange(
            @Schema(
                            description =
                                    "Seconds of recorded time for a second of the clock; the maximum means as fast as"
                                            + " possible",
                            minimum = "1",
                            maximum = "1000000000",
                            example = "3600")
                    @Nullable Double speed) {}

    private static Optional<Instant> time(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "from must be a UTC time such as 2024-04-01T00:00:00Z, not '%s'"
                            .formatted(text),
                    e);
        }
    }
}
