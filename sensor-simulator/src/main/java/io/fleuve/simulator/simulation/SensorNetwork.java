package io.fleuve.simulator.simulation;

import io.fleuve.simulator.scenario.Influences;
import io.fleuve.simulator.simulation.Delivery.Route;
import io.fleuve.simulator.simulation.GroundTruth.Counters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * All sensors and the network between them and the broker. Asked for one time after the other, it
 * gives the readings that arrive by then, in the order in which they do. The same seed, regions,
 * rates and times give the same readings. Belongs to one thread, but for its {@link #truth}.
 */
public final class SensorNetwork {

    private final List<Station> stations;
    private final Influences influences;
    private final int maxHeldBack;
    private final GroundTruth truth;
    private final PriorityQueue<UnderWay> underWay =
            new PriorityQueue<>(
                    Comparator.comparingLong(UnderWay::arrivesMicros)
                            .thenComparingLong(UnderWay::number));
    private long number;
    private int turn;

    /**
     * @param maxHeldBack readings that may be under way at once; beyond, they are not delayed
     */
    public SensorNetwork(
            long seed,
            List<Region> regions,
            FaultRates rates,
            Influences influences,
            int maxHeldBack) {
        this.influences = influences;
        this.maxHeldBack = maxHeldBack;
        this.truth = new GroundTruth(regions);
        this.stations = stations(seed, regions, rates, truth);
    }

    private record Station(Sensor sensor, Delivery delivery, Counters counters) {}

    /** A reading and when it arrives; the number keeps the order of those that arrive together. */
    private record UnderWay(long arrivesMicros, long number, SimulatedReading reading) {}

    /** How many sensors there are. */
    public int sensors() {
        return stations.size();
    }

    /** What was done so far. */
    public GroundTruth truth() {
        return truth;
    }

    /** How many readings are under way. */
    public int heldBack() {
        return underWay.size();
    }

    /**
     * Asks the next sensor, each in its turn, and gives what arrives until then.
     *
     * @param micros the time, in microseconds since 1970; later than the one before
     * @param intervalMicros the time between two readings of one sensor
     */
    public void ask(long micros, long intervalMicros, Consumer<SimulatedReading> arrivals) {
        arrive(micros, arrivals);
        Station station = stations.get(turn);
        turn = turn + 1 == stations.size() ? 0 : turn + 1;
        station.counters().asked.increment();
        switch (station.sensor().read(micros, influences)) {
            case Sensor.Answer.Outage() -> station.counters().count(Fault.OUTAGE);
            case Sensor.Answer.Silence() -> station.counters().silenced.increment();
            case Sensor.Answer.Value value ->
                    send(station, micros, intervalMicros, value, arrivals);
        }
    }

    /** Gives all that is still under way, as if time went on to its arrival. */
    public void drain(Consumer<SimulatedReading> arrivals) {
        arrive(Long.MAX_VALUE, arrivals);
    }

    private void send(
            Station station,
            long micros,
            long intervalMicros,
            Sensor.Answer.Value value,
            Consumer<SimulatedReading> arrivals) {
        Set<Fault> faults = value.faults();
        long skew = station.delivery().skewMicros();
        if (skew != 0) {
            faults = with(faults, Fault.CLOCK_SKEW);
        }
        boolean room = underWay.size() + 2 <= maxHeldBack;
        Route route = room ? station.delivery().route(micros, intervalMicros) : new Route.Direct();
        long arrives =
                switch (route) {
                    case Route.Direct() -> micros;
                    case Route.Overtaken(long delay) -> {
                        faults = with(faults, Fault.OUT_OF_ORDER);
                        yield micros + delay;
                    }
                    case Route.Late(long delay) -> {
                        faults = with(faults, Fault.LATE);
                        yield micros + delay;
                    }
                };
        SimulatedReading reading =
                new SimulatedReading(
                        station.sensor().name(),
                        station.sensor().region(),
                        value.celsius(),
                        instant(micros + skew),
                        faults,
                        value.influence().scenarios());
        faults.forEach(station.counters()::count);
        var copyAfter = station.delivery().copyAfterMicros(micros, intervalMicros);
        if (route instanceof Route.Direct) {
            give(reading, station.counters(), arrivals);
        } else {
            hold(arrives, reading, station.counters());
        }
        if (copyAfter.isPresent() && room) {
            station.counters().count(Fault.DUPLICATE);
            SimulatedReading copy =
                    new SimulatedReading(
                            reading.sensor(),
                            reading.region(),
                            reading.celsius(),
                            reading.observedAt(),
                            with(faults, Fault.DUPLICATE),
                            reading.scenarios());
            hold(arrives + copyAfter.getAsLong(), copy, station.counters());
        }
    }

    private void hold(long arrives, SimulatedReading reading, Counters counters) {
        counters.heldBack.increment();
        underWay.add(new UnderWay(arrives, number++, reading));
    }

    private void arrive(long micros, Consumer<SimulatedReading> arrivals) {
        for (UnderWay next = underWay.peek();
                next != null && next.arrivesMicros() <= micros;
                next = underWay.peek()) {
            underWay.remove();
            Counters counters = truth.of(next.reading().region());
            counters.heldBack.decrement();
            give(next.reading(), counters, arrivals);
        }
    }

    private static void give(
            SimulatedReading reading, Counters counters, Consumer<SimulatedReading> arrivals) {
        counters.given.increment();
        arrivals.accept(reading);
    }

    private static Set<Fault> with(Set<Fault> faults, Fault more) {
        EnumSet<Fault> all = EnumSet.of(more);
        all.addAll(faults);
        return all;
    }

    /** A time in microseconds since 1970 as an instant. */
    static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
    }

    private static List<Station> stations(
            long seed, List<Region> regions, FaultRates rates, GroundTruth truth) {
        List<List<Station>> byRegion = new ArrayList<>();
        int most = 0;
        for (Region region : regions) {
            Weather weather = new Weather(seed, region);
            List<Station> ofRegion = new ArrayList<>();
            for (int number = 1; number <= region.sensors(); number++) {
                ofRegion.add(
                        new Station(
                                new Sensor(seed, region, number, weather, rates),
                                new Delivery(seed, region.name(), region.sensor(number), rates),
                                truth.of(region.name())));
            }
            byRegion.add(ofRegion);
            most = Math.max(most, ofRegion.size());
        }
        // Regions take turns, so that each has its readings spread over the interval.
        List<Station> inTurn = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            for (List<Station> ofRegion : byRegion) {
                if (i < ofRegion.size()) {
                    inTurn.add(ofRegion.get(i));
                }
            }
        }
        return List.copyOf(inTurn);
    }
}
