package io.fleuve.alerts;

import io.fleuve.alerts.silences.Inhibition;
import io.fleuve.alerts.silences.Matcher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How alerts live and are told.
 *
 * @param groupWait how long a transition waits for others of its rule, to be told in one message
 * @param pollInterval how often the clock looks for what is due when nothing wakes it
 * @param recheck how long what is inhibited waits before it is looked at again
 * @param repeatEvery how often an alert that nobody has acknowledged is told again, unless its rule
 *     says otherwise; zero for never
 * @param batch most rows that one transaction takes on
 * @param maxSilences most silences that are not over
 * @param maxDryRunWindows most windows that one dry run sees
 * @param historyRetention how long the results of windows are kept, in event time
 * @param inhibitions which alerts keep which others from being told
 */
@ConfigurationProperties("fleuve.alerts.alerting")
record AlertingProperties(
        Duration groupWait,
        Duration pollInterval,
        Duration recheck,
        Duration repeatEvery,
        int batch,
        int maxSilences,
        int maxDryRunWindows,
        Duration historyRetention,
        @Nullable List<InhibitionProperties> inhibitions) {

    /** Labels of the alert that inhibits, of those that are inhibited, and what both share. */
    record InhibitionProperties(
            Map<String, String> source, Map<String, String> target, @Nullable List<String> equal) {

        Inhibition inhibition() {
            return new Inhibition(
                    matchers(source),
                    matchers(target),
                    new TreeSet<>(equal == null ? List.of() : equal));
        }

        private static List<Matcher> matchers(@Nullable Map<String, String> labels) {
            return labels == null
                    ? List.of()
                    : labels.entrySet().stream()
                            .map(e -> Matcher.is(e.getKey(), e.getValue()))
                            .toList();
        }
    }

    AlertingProperties {
        requireNotNegative("group-wait", groupWait);
        requirePositive("poll-interval", pollInterval);
        requirePositive("recheck", recheck);
        requireNotNegative("repeat-every", repeatEvery);
        requirePositive("history-retention", historyRetention);
        requirePositive("batch", batch);
        requirePositive("max-silences", maxSilences);
        requirePositive("max-dry-run-windows", maxDryRunWindows);
    }

    private static void requirePositive(String key, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.alerting.%s must be at least 1 ms, but is %s"
                            .formatted(key, value));
        }
    }

    private static void requireNotNegative(String key, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.alerting.%s must not be negative, but is %s"
                            .formatted(key, value));
        }
    }

    private static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.alerting.%s must be at least 1, but is %d"
                            .formatted(key, value));
        }
    }
}
