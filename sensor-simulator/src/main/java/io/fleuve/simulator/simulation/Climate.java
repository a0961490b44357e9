package io.fleuve.simulator.simulation;

/**
 * The temperature that a place may expect at a time of day and year, without weather.
 *
 * <p>The mean of the year falls with latitude and, by 6.5 K a kilometre (the lapse rate of the
 * standard atmosphere), with elevation. The season is a cosine that peaks a month after the
 * solstice of the hemisphere and grows with latitude and distance from the sea. The day rises from
 * 5 to 15 o'clock solar time and falls until 5, and swings as far as the sun does: by the
 * difference of the sines of its elevation at noon and at midnight, which leaves no daily cycle to
 * a polar night.
 */
public final class Climate {

    private static final double MICROS_PER_HOUR = 3_600e6;
    private static final double MICROS_PER_DAY = 24 * MICROS_PER_HOUR;
    private static final double TROPICAL_YEAR_DAYS = 365.2422;

    /** 2000-01-01T00:00:00Z in days since 1970. */
    private static final double EPOCH_DAY = 10_957;

    private static final double WINTER_SOLSTICE_DAY = -10;
    private static final double WARMEST_DAY_NORTH = 200;
    private static final double OBLIQUITY = StrictMath.toRadians(23.44);
    private static final double LAPSE_PER_METER = 6.5e-3;

    private static final double COOLEST_HOUR = 5;
    private static final double WARMEST_HOUR = 15;

    private final double latitude;
    private final double longitude;
    private final double mean;
    private final double seasonHalfRange;
    private final double dayHalfRange;
    private final double warmestDay;

    public Climate(Region region) {
        this.latitude = StrictMath.toRadians(region.latitude());
        this.longitude = region.longitude();
        double degrees = StrictMath.abs(region.latitude());
        this.mean = 27.5 - 0.0075 * degrees * degrees - LAPSE_PER_METER * region.elevationMeters();
        this.seasonHalfRange = degrees * (0.12 + 0.2 * region.continentality());
        this.dayHalfRange = 3 + 7 * region.continentality();
        this.warmestDay =
                region.latitude() >= 0
                        ? WARMEST_DAY_NORTH
                        : WARMEST_DAY_NORTH - TROPICAL_YEAR_DAYS / 2;
    }

    /** The expected temperature in degrees Celsius at a time, in microseconds since 1970. */
    public double celsius(long micros) {
        double day = micros / MICROS_PER_DAY - EPOCH_DAY;
        double season = seasonHalfRange * cosineOfYear(day - warmestDay);
        return mean + season + dayHalfRange * sunSwing(day) * wave(solarHour(micros));
    }

    /** How far the sine of the sun's elevation goes from midnight to noon, from 0 to 1. */
    private double sunSwing(double day) {
        double declination = -OBLIQUITY * cosineOfYear(day - WINTER_SOLSTICE_DAY);
        double noon = StrictMath.max(0, StrictMath.cos(latitude - declination));
        double midnight = StrictMath.max(0, -StrictMath.cos(latitude + declination));
        return noon - midnight;
    }

    private double solarHour(long micros) {
        double hours = micros / MICROS_PER_HOUR + longitude / 15;
        return hours - 24 * StrictMath.floor(hours / 24);
    }

    /** From -1 at the coolest hour to 1 at the warmest, with half a cosine each way. */
    private static double wave(double hour) {
        if (hour >= COOLEST_HOUR && hour < WARMEST_HOUR) {
            double rising = (hour - COOLEST_HOUR) / (WARMEST_HOUR - COOLEST_HOUR);
            return -StrictMath.cos(StrictMath.PI * rising);
        }
        double since = hour >= WARMEST_HOUR ? hour - WARMEST_HOUR : hour + 24 - WARMEST_HOUR;
        return StrictMath.cos(StrictMath.PI * since / (24 - WARMEST_HOUR + COOLEST_HOUR));
    }

    private static double cosineOfYear(double days) {
        return StrictMath.cos(2 * StrictMath.PI * days / TROPICAL_YEAR_DAYS);
    }
}
