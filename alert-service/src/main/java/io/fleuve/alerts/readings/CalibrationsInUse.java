package io.fleuve.alerts.readings;

/** The calibrations that hold now; a change is seen within seconds, on all instances. */
@FunctionalInterface
public interface CalibrationsInUse {

    /**
     * All of them.
     *
     * @throws RuntimeException if they were never known since the start
     */
    Calibrations current();
}
