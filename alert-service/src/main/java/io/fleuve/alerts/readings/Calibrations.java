package io.fleuve.alerts.readings;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The calibrations of all sensors, to be looked up by sensor and time. */
public final class Calibrations {

    /** No sensor is corrected. */
    public static final Calibrations NONE = new Calibrations(List.of());

    private final Map<String, NavigableMap<Instant, Calibration>> bySensor = new HashMap<>();

    public Calibrations(Collection<Calibration> calibrations) {
        for (Calibration calibration : calibrations) {
            bySensor.computeIfAbsent(calibration.sensor(), _ -> new TreeMap<>())
                    .put(calibration.validFrom(), calibration);
        }
    }

    /** The reading as it is after the calibration that was valid when it was taken. */
    public TemperatureReading applyTo(TemperatureReading reading) {
        if (reading.sensor() == null) {
            return reading;
        }
        NavigableMap<Instant, Calibration> ofSensor = bySensor.get(reading.sensor());
        Map.Entry<Instant, Calibration> valid =
                ofSensor == null ? null : ofSensor.floorEntry(reading.observedAt());
        if (valid == null) {
            return reading;
        }
        Calibration calibration = valid.getValue();
        return new TemperatureReading(
                reading.region(),
                reading.sensor(),
                calibration.gain() * reading.celsius() + calibration.offset(),
                reading.observedAt());
    }
}
