package io.fleuve.simulator.simulation;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the simulation did in truth, by region: against this one measures how well others notice.
 * Counted by one thread, read by any.
 */
public final class GroundTruth {

    private final Map<String, Counters> regions;

    GroundTruth(Iterable<Region> regions) {
        Map<String, Counters> counters = new LinkedHashMap<>();
        regions.forEach(region -> counters.put(region.name(), new Counters()));
        this.regions = Collections.unmodifiableMap(counters);
    }

    /**
     * The counts of a region at one moment.
     *
     * @param asked how often sensors were asked
     * @param silenced how often a scenario kept them from answering
     * @param given readings handed on for publication, second copies included
     * @param heldBack readings that are under way
     * @param faults by kind; {@link Fault#OUTAGE} counts readings that there were none of
     */
    public record Counts(
            long asked, long silenced, long given, long heldBack, Map<Fault, Long> faults) {

        /** How often a fault occurred. */
        public long of(Fault fault) {
            return faults.getOrDefault(fault, 0L);
        }
    }

    /** The counts by region, in the order of the regions. */
    public Map<String, Counts> counts() {
        Map<String, Counts> all = new LinkedHashMap<>();
        regions.forEach((name, counters) -> all.put(name, counters.counts()));
        return all;
    }

    /** How often a fault occurred in all regions. */
    public long total(Fault fault) {
        return regions.values().stream().mapToLong(region -> region.sum(fault)).sum();
    }

    Counters of(String region) {
        return Objects.requireNonNull(regions.get(region), region);
    }

    /** The counters of one region. */
    static final class Counters {

        final LongAdder asked = new LongAdder();
        final LongAdder silenced = new LongAdder();
        final LongAdder given = new LongAdder();
        final LongAdder heldBack = new LongAdder();
        private final EnumMap<Fault, LongAdder> faults = new EnumMap<>(Fault.class);

        Counters() {
            for (Fault fault : Fault.values()) {
                faults.put(fault, new LongAdder());
            }
        }

        void count(Fault fault) {
            Objects.requireNonNull(faults.get(fault)).increment();
        }

        private long sum(Fault fault) {
            return Objects.requireNonNull(faults.get(fault)).sum();
        }

        private Counts counts() {
            EnumMap<Fault, Long> sums = new EnumMap<>(Fault.class);
            faults.forEach((fault, adder) -> sums.put(fault, adder.sum()));
            return new Counts(
                    asked.sum(),
                    silenced.sum(),
                    given.sum(),
                    heldBack.sum(),
                    Collections.unmodifiableMap(sums));
        }
    }
}
