package io.fleuve.simulator.web;

import io.fleuve.simulator.live.Pace;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The body of a change to the simulation; what is left out stays as it is. */
@Schema(name = "SimulationChange")
record SimulationChange(
        @Schema(allowableValues = {"running", "paused"}) @Nullable String state,
        @Schema(
                        description =
                                "Readings a second over all sensors, from 1 to 10000000, or \"max\"",
                        oneOf = {Double.class, String.class},
                        example = "100")
                @Nullable Object rate,
        @Schema(
                        description =
                                "Seconds of simulated time for a second of the clock; above 1 it needs simulated"
                                        + " time to lie in the past",
                        minimum = "1",
                        maximum = "1000000",
                        example = "60")
                @Nullable Double speed) {

    private static final Duration SHORT_INTERVAL = Duration.ofSeconds(1);

    /** Whether it is to run, if that is said. */
    Optional<Boolean> running() {
        if (state == null) {
            return Optional.empty();
        }
        return switch (state.toLowerCase(Locale.ROOT)) {
            case "running" -> Optional.of(true);
            case "paused" -> Optional.of(false);
            default ->
                    throw new IllegalArgumentException(
                            "state must be running or paused, not '" + state + "'");
        };
    }

    /** The pace that comes of a former one, if it changes. */
    Optional<Pace> pace(Pace former) {
        if (rate == null && speed == null) {
            return Optional.empty();
        }
        return Optional.of(
                switch (former) {
                    case Pace.Steady(double formerRate, double formerSpeed) ->
                            rate == null
                                    ? new Pace.Steady(formerRate, orElse(formerSpeed))
                                    : withRate(rate, orElse(formerSpeed), SHORT_INTERVAL);
                    case Pace.Unlimited(Duration interval) -> {
                        if (rate == null) {
                            throw new IllegalArgumentException(
                                    "the rate is max, so there is no speed to set; give a rate, too");
                        }
                        yield withRate(rate, orElse(Pace.LOWEST_SPEED), interval);
                    }
                });
    }

    private double orElse(double former) {
        return speed == null ? former : speed;
    }

    private static Pace withRate(Object rate, double speed, Duration interval) {
        return switch (rate) {
            case Number number -> Pace.rate(number.doubleValue(), speed);
            case String text when text.equalsIgnoreCase("max") -> new Pace.Unlimited(interval);
            default ->
                    throw new IllegalArgumentException(
                            "rate must be a number of readings a second or \"max\", not '"
                                    + rate
                                    + "'");
        };
    }
}
