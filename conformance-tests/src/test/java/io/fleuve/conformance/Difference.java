package io.fleuve.conformance;

import java.util.Arrays;
import java.util.Optional;

/** Where Fleuve means to differ from Apache Kafka. Everything else that differs is a defect. */
enum Difference {
    REPLICATION_FACTOR_IS_ACCEPTED(
            "topics that cannot be created",
            "replication factor 3 on one broker",
            "null",
            "durability comes from the store, so any positive factor is accepted and no number of brokers asked for"),
    ASSIGNMENT_IS_NOT_KEPT(
            "topics that cannot be created",
            "a replica on a broker that does not exist",
            "null",
            "every broker serves every partition, so an assignment of replicas has no meaning and is not looked at"),
    MIN_INSYNC_IS_A_DEFAULT(
            "default configuration",
            "min.insync.replicas is",
            "default: true, read-only: false, sensitive: false",
            "Apache Kafka sets it for the whole cluster when eligible leader replicas are on; there are no replicas here"),
    NOTHING_IS_ELECTED(
            "default configuration",
            "unclean.leader.election.enable",
            "absent",
            "there is no election, so there is no unclean one to be allowed"),
    NO_ELECTION_IS_CONFIGURED(
            "default configuration", "unclean.leader.election.enable is", "absent", "as above");

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

    static Optional<Difference> of(String scenario, String fact) {
        return Arrays.stream(values())
                .filter(
                        difference ->
                                difference.scenario.equals(scenario)
                                        && difference.fact.equals(fact))
                .findFirst();
    }
}
