package io.fleuve.conformance.bench;

import io.fleuve.conformance.platform.ApacheKafkaPlatform;
import io.fleuve.conformance.platform.FleuvePlatform;
import io.fleuve.conformance.platform.PlatformUnderTest;
import io.fleuve.kafkapeer.ApacheKafka;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Apache Kafka as it comes, Apache Kafka with an fsync before each acknowledgement, and Fleuve,
 * measured one after the other, each with the same heap and collector.
 */
final class PlatformComparison {

    private static final String KAFKA = "Apache Kafka";
    private static final String DURABLE = "Apache Kafka, fsync";
    private static final String FLEUVE = "Fleuve";

    /**
     * What is measured on each platform; it starts the platform and closes it. {@code fsync} is
     * Kafka with an fsync before each acknowledgement.
     */
    interface Measuring {
        Measurement of(boolean fsync, Supplier<PlatformUnderTest> platform) throws Exception;
    }

    private final Map<String, Measurement> measurements = new LinkedHashMap<>();

    private PlatformComparison() {}

    /**
     * Measures.
     *
     * @param heap in the notation of {@code -Xmx}
     * @param only a part of the names of the platforms that are measured; all if empty
     * @throws IllegalArgumentException if no platform has such a name
     */
    static PlatformComparison run(String heap, String only, Measuring measuring) throws Exception {
        Map<String, Supplier<PlatformUnderTest>> platforms = platforms(heap);
        platforms.keySet().removeIf(name -> !name.contains(only));
        if (platforms.isEmpty()) {
            throw new IllegalArgumentException(
                    "only=%s: no platform is named so; there are '%s', '%s' and '%s'"
                            .formatted(only, KAFKA, DURABLE, FLEUVE));
        }
        PlatformComparison comparison = new PlatformComparison();
        for (var platform : platforms.entrySet()) {
            System.out.println("measuring " + platform.getKey());
            comparison.measurements.put(
                    platform.getKey(),
                    measuring.of(platform.getKey().equals(DURABLE), platform.getValue()));
        }
        return comparison;
    }

    private static Map<String, Supplier<PlatformUnderTest>> platforms(String heap) {
        Supplier<ApacheKafka.Builder> kafka =
                () -> ApacheKafka.builder().heap(heap).jvmOptions("-XX:+UseG1GC");
        Map<String, Supplier<PlatformUnderTest>> platforms = new LinkedHashMap<>();
        platforms.put(KAFKA, () -> new ApacheKafkaPlatform(kafka.get()));
        platforms.put(
                DURABLE,
                () ->
                        new ApacheKafkaPlatform(
                                kafka.get().property("log.flush.interval.messages", "1")));
        platforms.put(FLEUVE, () -> FleuvePlatform.start(List.of("-Xmx" + heap, "-XX:+UseG1GC")));
        return platforms;
    }

    /** A row for each figure, a column for each platform, and the ratios. */
    String toMarkdown() {
        StringBuilder table = new StringBuilder("\n| |");
        measurements.keySet().forEach(name -> table.append(' ').append(name).append(" |"));
        table.append(" Fleuve : Kafka | Fleuve : Kafka, fsync |\n|---|");
        table.append("---:|".repeat(measurements.size() + 2)).append('\n');
        Stream<String> figures =
                measurements.values().stream()
                        .flatMap(m -> m.figures().keySet().stream())
                        .distinct();
        figures.forEach(
                figure -> {
                    table.append("| ").append(figure).append(" |");
                    measurements.values().forEach(m -> table.append(number(m.get(figure))));
                    for (String peer : List.of(KAFKA, DURABLE)) {
                        double ratio = figure(FLEUVE, figure) / figure(peer, figure);
                        // Kafka's tool gives percentiles in whole milliseconds, so zero is "less
                        // than one".
                        table.append(number(ratio));
                    }
                    table.append('\n');
                });
        return table.toString();
    }

    private static String number(double value) {
        return Double.isFinite(value) ? " %.2f |".formatted(value) : " – |";
    }

    private double figure(String platform, String figure) {
        return measurements.getOrDefault(platform, new Measurement()).get(figure);
    }
}
