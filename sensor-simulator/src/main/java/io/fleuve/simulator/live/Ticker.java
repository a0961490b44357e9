package io.fleuve.simulator.live;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Says which moment of simulated time comes next, and when by the clock. Simulated time only moves
 * forward and never runs ahead of the clock. Counts from an origin, so that rounding does not add
 * up. Belongs to one thread.
 */
final class Ticker {

    private final Pace pace;
    private final double burst;
    private final int sensors;
    private long originMicros;
    private final Instant origin;
    private long count;
    private long micros;

    /**
     * @param burst how many times as many readings as the pace says
     * @param firstMicros the first moment, in microseconds since 1970; due at once
     */
    Ticker(Pace pace, double burst, int sensors, long firstMicros, Instant now) {
        this.pace = pace;
        this.burst = burst;
        this.sensors = sensors;
        this.originMicros = firstMicros;
        this.origin = now;
        this.micros = firstMicros;
    }

    boolean is(Pace otherPace, double otherBurst) {
        return pace.equals(otherPace) && burst == otherBurst;
    }

    /** The next moment, in microseconds since 1970. */
    long micros() {
        return micros;
    }

    /** Simulated time between two readings of a sensor, at least one microsecond. */
    long intervalMicros() {
        return Math.max(1, Math.round(stepMicros() * sensors));
    }

    /** When the next moment is due by the clock. */
    Instant due() {
        Instant present = instant(micros);
        return switch (pace) {
            case Pace.Unlimited _ -> present;
            case Pace.Steady(double rate, double _) -> {
                Instant scheduled = origin.plusNanos(Math.round(count * 1e9 / (rate * burst)));
                yield scheduled.isAfter(present) ? scheduled : present;
            }
        };
    }

    /** Whether simulated time would run faster, had it not reached the present. */
    boolean waitsForThePresent() {
        return switch (pace) {
            case Pace.Unlimited _ -> false;
            case Pace.Steady(double _, double speed) ->
                    speed > 1 && due().equals(instant(micros)) && count > 0;
        };
    }

    /** Goes on to the moment after. */
    void advance(Instant now) {
        count++;
        long next = originMicros + Math.round(count * stepMicros());
        switch (pace) {
            case Pace.Steady _ -> micros = Math.max(micros + 1, next);
            case Pace.Unlimited _ -> {
                long present = micros(now);
                if (next > present) {
                    // Whatever moment the reading is taken at is its time.
                    next = present;
                    originMicros = Math.max(micros + 1, next);
                    count = 0;
                }
                micros = Math.max(micros + 1, next);
            }
        }
    }

    private double stepMicros() {
        return switch (pace) {
            case Pace.Steady(double rate, double speed) -> speed * 1e6 / (rate * burst);
            case Pace.Unlimited(Duration interval) -> interval.toNanos() / 1e3 / sensors;
        };
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
