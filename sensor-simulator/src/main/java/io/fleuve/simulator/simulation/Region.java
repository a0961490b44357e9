package io.fleuve.simulator.simulation;

import java.util.regex.Pattern;

/**
 * A place with sensors.
 *
 * @param name letters, digits, dots, hyphens and underscores
 * @param latitude degrees, north positive, from -90 to 90
 * @param longitude degrees, east positive, from -180 to 180: decides when it is noon
 * @param elevationMeters above the sea, from -500 to 9,000
 * @param continentality from 0 (an island: small differences of day and season) to 1 (deep inland)
 * @param sensors how many there are, at least 1
 */
public record Region(
        String name,
        double latitude,
        double longitude,
        double elevationMeters,
        double continentality,
        int sensors) {

    /** What a name may look like. */
    public static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    public Region {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name must be 1 to 100 letters, digits, dots, hyphens and underscores, not '%s'"
                            .formatted(name));
        }
        within(name, "latitude", latitude, -90, 90);
        within(name, "longitude", longitude, -180, 180);
        within(name, "elevation", elevationMeters, -500, 9_000);
        within(name, "continentality", continentality, 0, 1);
        if (sensors < 1) {
            throw new IllegalArgumentException(
                    "sensors of '%s' must be at least 1, not %d".formatted(name, sensors));
        }
    }

    /** The name of a sensor, the first of which has the number 1. */
    public String sensor(int number) {
        return name + "-" + number;
    }

    private static void within(String name, String key, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException(
                    "%s of '%s' must be between %s and %s, not %s"
                            .formatted(key, name, min, max, value));
        }
    }
}
