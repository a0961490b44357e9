package io.fleuve.alerts.silences;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * A test of one label. A label that is absent counts as empty.
 *
 * @param value for {@link Kind#LIKE} an asterisk stands for any characters, also for none
 */
public record Matcher(String label, Kind kind, String value) {

    /** How the value is compared. */
    public enum Kind {
        IS("is"),
        IS_NOT("is-not"),
        LIKE("like");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** The kind as it stands in JSON. */
        public String label() {
            return label;
        }

        /** The kind of that label. */
        public static Optional<Kind> ofLabel(String label) {
            return Arrays.stream(values()).filter(k -> k.label.equalsIgnoreCase(label)).findFirst();
        }
    }

    /** A label has a value. */
    public static Matcher is(String label, String value) {
        return new Matcher(label, Kind.IS, value);
    }

    /** Whether the labels pass. */
    public boolean matches(Map<String, String> labels) {
        String actual = labels.getOrDefault(label, "");
        return switch (kind) {
            case IS -> actual.equals(value);
            case IS_NOT -> !actual.equals(value);
            case LIKE -> isLike(actual, value);
        };
    }

    /** Whether labels pass all of {@code matchers}. */
    public static boolean all(Iterable<Matcher> matchers, Map<String, String> labels) {
        for (Matcher matcher : matchers) {
            if (!matcher.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    /** Linear but for the last asterisk seen, so that no pattern can keep the service busy. */
    private static boolean isLike(String text, String pattern) {
        int t = 0;
        int p = 0;
        int star = -1;
        int retry = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                retry = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++retry;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
