package io.fleuve.alerts.rules;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which way a change or a deviation has to go to count. */
public enum Direction {
    EITHER,
    UP,
    DOWN;

    /** The direction as it stands in JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The direction of that label, whatever its case. */
    public static Optional<Direction> ofLabel(String label) {
        return Arrays.stream(values()).filter(d -> d.name().equalsIgnoreCase(label)).findFirst();
    }

    /** Whether a signed figure goes this way. */
    public boolean accepts(double signed) {
        return switch (this) {
            case EITHER -> true;
            case UP -> signed > 0;
            case DOWN -> signed < 0;
        };
    }
}
