package io.fleuve.alerts.silences;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * While an alert that matches {@code source} is open, alerts that match {@code target} are not told
 * where both have the same values of the labels {@code equal}.
 */
public record Inhibition(List<Matcher> source, List<Matcher> target, SortedSet<String> equal) {

    public Inhibition {
        source = List.copyOf(source);
        target = List.copyOf(target);
        equal = new TreeSet<>(equal);
        if (source.isEmpty() || target.isEmpty()) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.alerting.inhibitions needs a source and a target in each entry");
        }
    }

    /**
     * Whether an open alert keeps another from being told. An alert that is itself a target and
     * source (matches both) never inhibits one of its own kind, or both would be mute.
     */
    public boolean inhibits(Map<String, String> open, Map<String, String> other) {
        return Matcher.all(source, open)
                && Matcher.all(target, other)
                && !(Matcher.all(source, other) && Matcher.all(target, open))
                && equal.stream()
                        .allMatch(
                                label ->
                                        open.getOrDefault(label, "")
                                                .equals(other.getOrDefault(label, "")));
    }
}
