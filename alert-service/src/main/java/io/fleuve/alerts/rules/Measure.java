package io.fleuve.alerts.rules;

import java.util.Arrays;
import java.util.Optional;

/** The figure of a window that a rule looks at. */
public enum Measure {
    AVERAGE("average", "°C"),
    MIN("min", "°C"),
    MAX("max", "°C"),
    COUNT("count", "readings"),
    STANDARD_DEVIATION("stddev", "°C"),
    RATE_OF_CHANGE("rate", "°C/h"),
    P50("p50", "°C"),
    P90("p90", "°C"),
    P95("p95", "°C"),
    P99("p99", "°C");

    private final String label;
    private final String unit;

    Measure(String label, String unit) {
        this.label = label;
        this.unit = unit;
    }

    /** The measure as it stands in JSON. */
    public String label() {
        return label;
    }

    /** The unit of its values. */
    public String unit() {
        return unit;
    }

    /** The measure of that label, whatever its case. */
    public static Optional<Measure> ofLabel(String label) {
        return Arrays.stream(values()).filter(m -> m.label.equalsIgnoreCase(label)).findFirst();
    }
}
