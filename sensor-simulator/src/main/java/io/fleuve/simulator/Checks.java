package io.fleuve.simulator;

import java.util.function.Supplier;

/** Checks of settings, with messages that name the key. */
final class Checks {

    private Checks() {}

    static void notBlank(String key, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(key + " must not be blank");
        }
    }

    static void between(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "%s must be between %d and %d, not %d".formatted(key, min, max, value));
        }
    }

    /** Makes a value whose own complaint begins with the name below a prefix. */
    static <T> T below(String prefix, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(prefix + e.getMessage(), e);
        }
    }
}
