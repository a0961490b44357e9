package io.fleuve.alerts.rules;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How bad it is. */
public enum Severity {
    INFO,
    WARNING,
    CRITICAL;

    /** The severity in the form that people and JSON use. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The severity of that label, whatever its case. */
    public static Optional<Severity> ofLabel(String label) {
        return Arrays.stream(values()).filter(s -> s.name().equalsIgnoreCase(label)).findFirst();
    }
}
