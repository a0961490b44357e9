package io.fleuve.simulator.scenario;

import io.fleuve.simulator.scenario.PlacedScenario.State;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The scenarios that were asked for. Held in memory: they end with the process. Of those that have
 * ended the latest are kept to be looked at, up to the bound. Safe for use by several threads.
 */
public final class ScenarioBoard implements Influences {

    private final InstantSource clock;
    private final int bound;
    private long lastNumber;

    /** Replaced, never changed. */
    private volatile List<PlacedScenario> scenarios = List.of();

    private volatile long frontierMicros = Long.MIN_VALUE;

    /**
     * @param bound how many scenarios are kept
     */
    public ScenarioBoard(InstantSource clock, int bound) {
        this.clock = clock;
        this.bound = bound;
    }

    /**
     * Places a scenario.
     *
     * @param from the time of readings at which it begins; null for that of the next reading. A
     *     burst begins at once.
     * @throws TooManyScenariosException if there is no room
     */
    public synchronized PlacedScenario place(Scenario scenario, @Nullable Instant from) {
        List<PlacedScenario> kept = new ArrayList<>(scenarios);
        if (kept.size() >= bound) {
            PlacedScenario ended =
                    kept.stream()
                            .filter(each -> stateOf(each) == State.ENDED)
                            .findFirst()
                            .orElseThrow(() -> new TooManyScenariosException(bound));
            kept.remove(ended);
        }
        lastNumber++;
        Instant now = clock.instant();
        PlacedScenario placed =
                switch (scenario) {
                    case Scenario.Burst _ ->
                            new PlacedScenario("burst-" + lastNumber, scenario, now, now);
                    case Scenario.HeatWave _ -> weather("heat-wave-", scenario, now, from);
                    case Scenario.ColdSnap _ -> weather("cold-snap-", scenario, now, from);
                    case Scenario.Silence _ -> weather("silence-", scenario, now, from);
                };
        kept.add(placed);
        scenarios = List.copyOf(kept);
        return placed;
    }

    private PlacedScenario weather(
            String prefix, Scenario scenario, Instant now, @Nullable Instant from) {
        return new PlacedScenario(
                prefix + lastNumber, scenario, now, from == null ? eventTime() : from);
    }

    /** All that are kept, the oldest first. */
    public List<PlacedScenario> all() {
        return scenarios;
    }

    /** The one of this id. */
    public Optional<PlacedScenario> find(String id) {
        return scenarios.stream().filter(each -> each.id().equals(id)).findFirst();
    }

    /** Ends a scenario at once and forgets it. Returns whether there was one. */
    public synchronized boolean remove(String id) {
        List<PlacedScenario> kept =
                scenarios.stream().filter(each -> !each.id().equals(id)).toList();
        boolean removed = kept.size() < scenarios.size();
        scenarios = kept;
        return removed;
    }

    /** Where a scenario stands now. */
    public State stateOf(PlacedScenario placed) {
        return switch (placed.scenario()) {
            case Scenario.Burst _ -> placed.stateAt(clock.instant());
            case Scenario.HeatWave _, Scenario.ColdSnap _, Scenario.Silence _ ->
                    placed.stateAt(eventTime());
        };
    }

    /** How many are on. */
    public long active() {
        return scenarios.stream().filter(each -> stateOf(each) == State.ACTIVE).count();
    }

    /**
     * Tells the board how far the readings are; scenarios that wait for the first one begin. Called
     * for each reading.
     *
     * @param micros the time of the reading, in microseconds since 1970
     */
    public void reached(long micros) {
        boolean first = frontierMicros == Long.MIN_VALUE;
        frontierMicros = micros;
        if (first) {
            begin();
        }
    }

    /** The time of the reading that was published last; null if there was none. */
    public @Nullable Instant eventTime() {
        long micros = frontierMicros;
        return micros == Long.MIN_VALUE
                ? null
                : Instant.ofEpochSecond(
                        Math.floorDiv(micros, 1_000_000L),
                        Math.floorMod(micros, 1_000_000L) * 1_000);
    }

    @Override
    public Influence on(String region, String sensor, long micros) {
        List<PlacedScenario> now = scenarios;
        if (now.isEmpty()) {
            return Influence.NONE;
        }
        double celsius = 0;
        boolean silent = false;
        List<String> ids = List.of();
        for (PlacedScenario each : now) {
            double more = each.celsius(region, sensor, micros);
            boolean silences = each.silences(region, sensor, micros);
            if (more != 0 || silences) {
                celsius += more;
                silent |= silences;
                ids = ids.isEmpty() ? new ArrayList<>() : ids;
                ids.add(each.id());
            }
        }
        return ids.isEmpty() ? Influence.NONE : new Influence(celsius, silent, ids);
    }

    /** How many times as fast as usual readings are to be published now; bursts multiply. */
    public double burstFactor() {
        List<PlacedScenario> now = scenarios;
        if (now.isEmpty()) {
            return 1;
        }
        double factor = 1;
        for (PlacedScenario each : now) {
            if (each.scenario() instanceof Scenario.Burst burst && stateOf(each) == State.ACTIVE) {
                factor *= burst.factor();
            }
        }
        return Math.min(factor, Scenario.MOST_FACTOR);
    }

    private synchronized void begin() {
        Instant first = eventTime();
        if (first != null) {
            scenarios =
                    scenarios.stream()
                            .map(each -> each.from() == null ? each.beginning(first) : each)
                            .toList();
        }
    }
}
