package io.fleuve.alerts.streams;

import java.util.List;

/**
 * The topics that the service reads and writes.
 *
 * @param readings where sensors publish
 * @param averages where final averages are published
 * @param deadLetters where records go that are no readings
 * @param unkeyed internal: readings on their way to the partition of their region
 * @param partitions partitions of topics that have to be created
 */
public record TopicSettings(
        String readings, String averages, String deadLetters, String unkeyed, int partitions) {

    public TopicSettings {
        List<String> names = List.of(readings, averages, deadLetters, unkeyed);
        if (names.stream().anyMatch(String::isBlank) || names.stream().distinct().count() < 4) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.topics must give four different names, but gives " + names);
        }
        if (partitions < 1) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.topics.partitions must be at least 1, but is " + partitions);
        }
    }
}
