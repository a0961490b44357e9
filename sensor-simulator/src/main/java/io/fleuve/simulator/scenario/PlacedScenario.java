package io.fleuve.simulator.scenario;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A scenario that was asked for.
 *
 * @param id names it
 * @param scenario what is to happen
 * @param createdAt when it was asked for, by the clock
 * @param from when it begins: by the clock for a burst, in the time of the readings for all others;
 *     null if it waits for the first reading
 */
public record PlacedScenario(
        String id, Scenario scenario, Instant createdAt, @Nullable Instant from) {

    /** Where a scenario stands. */
    public enum State {
        WAITING,
        ACTIVE,
        ENDED
    }

    /** When it ends, if it is known when it begins. */
    public @Nullable Instant until() {
        return from == null ? null : from.plus(scenario.duration());
    }

    /**
     * Where it stands at a time, of the clock for a burst and of the readings for others.
     *
     * @param now null if there was no reading yet
     */
    public State stateAt(@Nullable Instant now) {
        Instant until = until();
        if (from == null || until == null || now == null || now.isBefore(from)) {
            return State.WAITING;
        }
        return now.isBefore(until) ? State.ACTIVE : State.ENDED;
    }

    PlacedScenario beginning(Instant at) {
        return new PlacedScenario(id, scenario, createdAt, at);
    }

    boolean silences(String region, String sensor, long micros) {
        return switch (scenario) {
            case Scenario.Silence silence ->
                    silence.scope().covers(region, sensor)
                            && height(micros, Duration.ZERO, silence.duration()) > 0;
            case Scenario.HeatWave _, Scenario.ColdSnap _, Scenario.Burst _ -> false;
        };
    }

    /** Degrees to add at a time. */
    double celsius(String region, String sensor, long micros) {
        return switch (scenario) {
            case Scenario.HeatWave(Scope scope, double degrees, Duration ramp, Duration duration) ->
                    scope.covers(region, sensor) ? degrees * height(micros, ramp, duration) : 0;
            case Scenario.ColdSnap(Scope scope, double degrees, Duration ramp, Duration duration) ->
                    scope.covers(region, sensor) ? -degrees * height(micros, ramp, duration) : 0;
            case Scenario.Silence _, Scenario.Burst _ -> 0;
        };
    }

    /** From 0 outside to 1 at the height, in a straight line over the ramp at either end. */
    private double height(long micros, Duration ramp, Duration duration) {
        if (from == null) {
            return 0;
        }
        long since = micros - micros(from);
        long left = duration.toNanos() / 1_000 - since;
        if (since < 0 || left <= 0) {
            return 0;
        }
        long rampMicros = ramp.toNanos() / 1_000;
        return rampMicros == 0 ? 1 : Math.min(1, (double) Math.min(since, left) / rampMicros);
    }

    /** An instant in microseconds since 1970. */
    static long micros(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), 1_000_000L),
                instant.getNano() / 1_000);
    }
}
