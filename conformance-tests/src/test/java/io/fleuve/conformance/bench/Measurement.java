package io.fleuve.conformance.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** What was measured on one platform: figures by name, each with its unit in the name. */
final class Measurement {

    private final Map<String, Double> figures = new LinkedHashMap<>();

    void put(String figure, double value) {
        figures.put(figure, value);
    }

    Map<String, Double> figures() {
        return figures;
    }

    double get(String figure) {
        return figures.getOrDefault(figure, Double.NaN);
    }
}
