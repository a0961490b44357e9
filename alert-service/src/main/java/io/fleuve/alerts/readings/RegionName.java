package io.fleuve.alerts.readings;

/** What may name a region. */
public final class RegionName {

    /** Longest name, in characters. */
    public static final int MAX_LENGTH = 128;

    private RegionName() {}

    /**
     * Whether {@code name} can be kept and shown everywhere: 1 to {@value #MAX_LENGTH} characters,
     * not blank, no control characters (PostgreSQL refuses U+0000, and a name that can be read but
     * not kept would stop everything behind it).
     */
    public static boolean isUsable(String name) {
        return !name.isBlank()
                && name.length() <= MAX_LENGTH
                && name.chars().noneMatch(Character::isISOControl);
    }
}
