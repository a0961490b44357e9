package io.fleuve.simulator.simulation;

import java.time.Duration;
import java.util.Optional;

/**
 * Stretches of time in which something is the case. Time is cut into slots of equal length; in each
 * one episode may begin, and lasts no longer than a slot, so that two slots say all of a moment.
 */
final class Episodes {

    private final RandomStream stream;
    private final long slotMicros;
    private final double chance;
    private final long shortestMicros;
    private final long longestMicros;

    /**
     * @param chance that an episode begins in a slot, from 0 to 1
     * @param longest not longer than the slot
     */
    Episodes(
            RandomStream stream,
            Duration slot,
            double chance,
            Duration shortest,
            Duration longest) {
        this.stream = stream;
        this.slotMicros = slot.toNanos() / 1_000;
        this.chance = chance;
        this.shortestMicros = shortest.toNanos() / 1_000;
        this.longestMicros = longest.toNanos() / 1_000;
    }

    /**
     * One episode.
     *
     * @param from its beginning, in microseconds since 1970
     * @param until its end, exclusive
     * @param slot in which it begins: tells it from others
     */
    record Episode(long from, long until, long slot) {

        boolean covers(long micros) {
            return from <= micros && micros < until;
        }
    }

    /** The episode that a time lies in; of two the one that began first. */
    Optional<Episode> at(long micros) {
        if (chance == 0) {
            return Optional.empty();
        }
        long slot = Math.floorDiv(micros, slotMicros);
        return in(slot - 1)
                .filter(episode -> episode.covers(micros))
                .or(() -> in(slot).filter(episode -> episode.covers(micros)));
    }

    private Optional<Episode> in(long slot) {
        if (stream.uniform(slot * 3) >= chance) {
            return Optional.empty();
        }
        long from = slot * slotMicros + (long) (stream.uniform(slot * 3 + 1) * slotMicros);
        long length =
                shortestMicros
                        + (long) (stream.uniform(slot * 3 + 2) * (longestMicros - shortestMicros));
        return Optional.of(new Episode(from, from + length, slot));
    }
}
