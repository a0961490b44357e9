package io.fleuve.alerts.store;

import io.fleuve.alerts.silences.Inhibition;
import io.fleuve.alerts.silences.Silence;
import io.fleuve.alerts.silences.Suppression;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What keeps alerts from being told at one moment: the silences in force and the open alerts. */
final class Suppressions {

    private final List<Silence> silences;
    private final List<Inhibition> inhibitions;
    private final List<Open> open;
    private final Instant now;

    private record Open(UUID id, Map<String, String> labels) {}

    Suppressions(
            List<Silence> silences,
            List<Inhibition> inhibitions,
            List<AlertEntity> openAlerts,
            Instant now) {
        this.silences = List.copyOf(silences);
        this.inhibitions = List.copyOf(inhibitions);
        this.now = now;
        this.open = new ArrayList<>();
        openAlerts.forEach(a -> open.add(new Open(a.id(), a.matchedLabels())));
    }

    /** What keeps this alert from being told; of several silences the one that lasts longest. */
    Suppression of(AlertEntity alert) {
        Map<String, String> labels = alert.matchedLabels();
        Optional<Silence> silence =
                silences.stream()
                        .filter(s -> s.silences(labels, now))
                        .max(Comparator.comparing(Silence::until));
        if (silence.isPresent()) {
            return new Suppression.Silenced(silence.get().id(), silence.get().until());
        }
        for (Open other : open) {
            if (!other.id().equals(alert.id())
                    && inhibitions.stream().anyMatch(i -> i.inhibits(other.labels(), labels))) {
                return new Suppression.Inhibited(other.id());
            }
        }
        return new Suppression.None();
    }
}
