package io.fleuve.simulator.scenario;

/** Says for each reading what scenarios make of it: a function of its place and its time. */
@FunctionalInterface
public interface Influences {

    /** No scenario is ever on. */
    Influences NONE = (_, _, _) -> Influence.NONE;

    /**
     * @param micros the true time of the reading, in microseconds since 1970
     */
    Influence on(String region, String sensor, long micros);
}
