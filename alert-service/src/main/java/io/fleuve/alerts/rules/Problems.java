package io.fleuve.alerts.rules;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is wrong with a draft, gathered field by field. */
final class Problems {

    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,9})(s|m|h|d)");

    private final List<RuleDraft.Problem> found = new ArrayList<>();

    void add(String field, String message) {
        found.add(new RuleDraft.Problem(field, message));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    List<RuleDraft.Problem> all() {
        return List.copyOf(found);
    }

    /** The duration, or null and a problem. Both {@code PT2H} and {@code 2h} are understood. */
    @Nullable Duration duration(String field, @Nullable String text, Duration min, Duration max) {
        Duration parsed = text == null ? null : parse(text.strip());
        if (parsed == null) {
            add(field, "must be a duration such as PT2H or 2h");
            return null;
        }
        if (parsed.compareTo(min) < 0 || parsed.compareTo(max) > 0) {
            add(field, "must lie between %s and %s, but is %s".formatted(min, max, parsed));
            return null;
        }
        return parsed;
    }

    /** The same, with a value for what is absent. */
    @Nullable Duration duration(
            String field, @Nullable String text, Duration min, Duration max, Duration absent) {
        return text == null ? absent : duration(field, text, min, max);
    }

    /** The number, or null and a problem. */
    @Nullable Double number(String field, @Nullable Double value, String ask) {
        if (value == null || !Double.isFinite(value)) {
            add(field, ask);
            return null;
        }
        return value;
    }

    /** The number if it is above zero, or null and a problem. */
    @Nullable Double positive(String field, @Nullable Double value, String ask) {
        if (value == null || !Double.isFinite(value) || value <= 0) {
            add(field, ask);
            return null;
        }
        return value;
    }

    private static @Nullable Duration parse(String text) {
        Matcher compact = SHORT_DURATION.matcher(text);
        if (compact.matches()) {
            long amount = Long.parseLong(compact.group(1));
            return switch (compact.group(2).charAt(0)) {
                case 's' -> Duration.ofSeconds(amount);
                case 'm' -> Duration.ofMinutes(amount);
                case 'h' -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
