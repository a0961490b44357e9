package io.fleuve.alerts.channels;

import java.net.URI;
import java.time.Duration;

/** Checks that several settings share. */
final class Settings {

    private Settings() {}

    static void require(String key, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(
                    key + " must be set when its channel's credentials are");
        }
    }

    static void requireHttp(String key, URI value) {
        boolean http = "http".equals(value.getScheme()) || "https".equals(value.getScheme());
        if (!http || value.getHost() == null) {
            // The value is left out: webhook addresses often hold a secret.
            throw new IllegalArgumentException(key + " must be an http or https URL with a host");
        }
    }

    static void requirePositive(String key, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(key + " must be at least 1 ms, but is " + value);
        }
    }
}
