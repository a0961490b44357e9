package io.fleuve.conformance;

import java.util.Arrays;
import java.util.Optional;

/** Where Fleuve means to differ from Apache Kafka. Everything else that differs is a defect. */
enum Difference {
    REPLICATION_FACTOR_IS_ACCEPTED(
            "topics that cannot be created",
            "replication factor 3 on one broker",
            "null",
            "durability comes from the store, so any positive factor is kept as a label and no number of brokers is"
                    + " asked for");

    private final String scenario;
    private final String fact;
    private final String inFleuve;
    private final String reason;

    Difference(String scenario, String fact, String inFleuve, String reason) {
        this.scenario = scenario;
        this.fact = fact;
        this.inFleuve = inFleuve;
        this.reason = reason;
    }

    /** What Fleuve is expected to show, where that is not what Apache Kafka shows. */
    String inFleuve() {
        return inFleuve;
    }

    String reason() {
        return reason;
    }

    String scenario() {
        return scenario;
    }

    String fact() {
        return fact;
    }

    static Optional<Difference> of(String scenario, String fact) {
        return Arrays.stream(values())
                .filter(
                        difference ->
                                difference.scenario.equals(scenario)
                                        && difference.fact.equals(fact))
                .findFirst();
    }
}
