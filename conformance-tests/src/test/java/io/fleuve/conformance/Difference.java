package io.fleuve.conformance;

import io.fleuve.conformance.scenario.ApiScenarios;
import java.util.Arrays;
import java.util.Optional;

/** Where Fleuve means to differ from Apache Kafka. Everything else that differs is a defect. */
enum Difference {
    REPLICATION_FACTOR_IS_ACCEPTED(
            "topics that cannot be created",
            "replication factor 3 on one broker",
            "null",
            "durability comes from the store, so any positive factor is accepted and no number of brokers asked for"),
    MIN_INSYNC_IS_A_DEFAULT(
            "default configuration",
            "min.insync.replicas is",
            "default: true, read-only: false, sensitive: false",
            "Apache Kafka sets it for the whole cluster when eligible leader replicas are on; there are no replicas here"),
    MEMBERS_REPORT_MORE_OFTEN(
            "default configuration of a group",
            "consumer.heartbeat.interval.ms",
            "2000",
            "a rebalance takes as long as members take to report"),
    STREAMS_REPORT_MORE_OFTEN(
            "default configuration of a group",
            "streams.heartbeat.interval.ms",
            "2000",
            "as above"),
    ASSIGNMENTS_ARE_IMMEDIATE(
            "default configuration of a group",
            "consumer.assignment.interval.ms",
            "0",
            "an assignment that changes again is cheaper than one that is waited for"),
    ASSIGNMENTS_OF_STREAMS_ARE_IMMEDIATE(
            "default configuration of a group", "streams.assignment.interval.ms", "0", "as above"),
    STREAMS_START_SOONER(
            "default configuration of a group",
            "streams.initial.rebalance.delay.ms",
            "100",
            "as above"),
    METRICS_ARE_NOT_COLLECTED(
            "configuration of brokers",
            "metrics of clients",
            "[]",
            "clients are not asked for metrics, so there is nothing to be configured"),
    SHARE_GROUPS_ARE_OFF(
            "finalized features", "share.version", "null", "records are not shared out one by one"),
    OLD_PRODUCE_IS_ADVERTISED(
            ApiScenarios.ADVERTISED, "PRODUCE", "0 to 13", "librdkafka compresses only if it is"),
    PRODUCERS_BEGIN_AT_ZERO(
            "a first sequence in a transaction",
            "not 0, old generation",
            "OUT_OF_ORDER_SEQUENCE_NUMBER at -1",
            "the batches before it may have been refused on their way; Apache Kafka sees it so for newer clients"),
    TOOLS_ABORT_WHOLE_TRANSACTIONS(
            "a transaction that a tool aborts",
            "state after it",
            "CompleteAbort",
            "Apache Kafka aborts one partition and leaves the transaction open, which tears it"),
    WHAT_A_TOOL_ABORTED_IS_OVER(
            "a transaction that a tool aborts",
            "commit",
            "INVALID_TXN_STATE, no id, epoch -1",
            "as above"),
    QUOTAS_ARE_REFUSED(
            "quotas of clients",
            "set",
            "InvalidRequestException",
            "nothing would enforce a quota, and whoever sets one relies on it");

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
