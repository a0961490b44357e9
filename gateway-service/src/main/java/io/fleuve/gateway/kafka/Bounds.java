package io.fleuve.gateway.kafka;

import java.time.Duration;
import org.springframework.util.unit.DataSize;

/** Checks of configured limits, with messages that name the key and the value. */
final class Bounds {

    private Bounds() {}

    static void positive(String key, Duration value) {
        check(!value.isNegative() && !value.isZero(), key, "longer than zero", value);
    }

    static void notNegative(String key, Duration value) {
        check(!value.isNegative(), key, "zero or longer", value);
    }

    static void positive(String key, int value) {
        check(value > 0, key, "at least 1", value);
    }

    static void between(String key, DataSize value, long minBytes, long maxBytes) {
        check(
                value.toBytes() >= minBytes && value.toBytes() <= maxBytes,
                key,
                "from %d to %d bytes".formatted(minBytes, maxBytes),
                value);
    }

    static void check(boolean holds, String key, String expected, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s must be %s, but is %s".formatted(key, expected, value));
        }
    }
}
