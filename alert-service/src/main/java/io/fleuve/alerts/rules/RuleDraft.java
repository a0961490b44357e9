package io.fleuve.alerts.rules;

import io.fleuve.alerts.readings.RegionName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A rule as someone wrote it; any part may be missing or wrong.
 *
 * @param regions regions to watch; absent or empty means all
 * @param recoveryThreshold absent means one degree below the threshold
 * @param severity absent means warning
 * @param enabled absent means yes
 */
public record RuleDraft(
        @Nullable String name,
        @Nullable List<String> regions,
        @Nullable Double threshold,
        @Nullable Double recoveryThreshold,
        @Nullable String severity,
        @Nullable Boolean enabled) {

    private static final int MAX_NAME_LENGTH = 200;
    private static final int MAX_REGIONS = 1_000;
    private static final double DEFAULT_HYSTERESIS = 1.0;

    /** What is wrong with one field, in words for the person who wrote it. */
    public record Problem(String field, String message) {}

    /** What checking the draft gave. */
    public sealed interface Checked {
        /** A rule that can be kept. */
        record Valid(Rule rule) implements Checked {}

        /** Everything that is wrong, not only the first thing. */
        record Invalid(List<Problem> problems) implements Checked {}
    }

    /** Checks all fields; a draft without problems becomes the rule {@code id}. */
    public Checked check(UUID id) {
        List<Problem> problems = new ArrayList<>();
        if (name == null || name.isBlank()) {
            problems.add(new Problem("name", "give the rule a name"));
        } else if (name.length() > MAX_NAME_LENGTH) {
            problems.add(
                    new Problem(
                            "name", "must not be longer than " + MAX_NAME_LENGTH + " characters"));
        }
        if (name != null && name.chars().anyMatch(Character::isISOControl)) {
            problems.add(new Problem("name", "must not have control characters"));
        }
        checkRegions(problems);
        checkThresholds(problems);
        Severity level =
                severity == null ? Severity.WARNING : Severity.ofLabel(severity).orElse(null);
        if (level == null) {
            problems.add(new Problem("severity", "must be info, warning or critical"));
        }
        if (!problems.isEmpty() || name == null || threshold == null || level == null) {
            return new Checked.Invalid(List.copyOf(problems));
        }
        return new Checked.Valid(
                new Rule(
                        id,
                        name.strip(),
                        Collections.unmodifiableSortedSet(
                                new TreeSet<>(regions == null ? List.of() : regions)),
                        threshold,
                        recoveryThreshold == null
                                ? threshold - DEFAULT_HYSTERESIS
                                : recoveryThreshold,
                        level,
                        enabled == null || enabled));
    }

    private void checkRegions(List<Problem> problems) {
        if (regions == null) {
            return;
        }
        if (regions.size() > MAX_REGIONS) {
            problems.add(
                    new Problem("regions", "must not name more than " + MAX_REGIONS + " regions"));
        }
        boolean unusable = regions.stream().anyMatch(r -> r == null || !RegionName.isUsable(r));
        if (unusable) {
            problems.add(
                    new Problem(
                            "regions",
                            "each region must have 1 to %d characters; leave the list empty to watch all"
                                    .formatted(RegionName.MAX_LENGTH)));
        }
    }

    private void checkThresholds(List<Problem> problems) {
        if (threshold == null || !Double.isFinite(threshold)) {
            problems.add(new Problem("threshold", "give the average in °C above which to alert"));
            return;
        }
        if (recoveryThreshold == null) {
            return;
        }
        if (!Double.isFinite(recoveryThreshold)) {
            problems.add(new Problem("recoveryThreshold", "must be a number of °C"));
        } else if (recoveryThreshold > threshold) {
            problems.add(
                    new Problem(
                            "recoveryThreshold",
                            "must not be above the threshold (%s), or the alert would end while it starts"
                                    .formatted(threshold)));
        }
    }
}
