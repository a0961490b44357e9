package io.fleuve.conformance.gateway;

import java.time.Duration;

/** What clients ask of a gateway whose broker is in trouble, and how long its answer may take. */
enum TroubleKind {
    // produce: max-block and delivery-timeout.
    V3_PRODUCE("v3 produce", 20),
    V2_PRODUCE("v2 produce", 20),
    // idempotency.request-timeout, and the end of a transaction.
    ATOMIC("atomic batch", 40),
    KEYED("produce with Idempotency-Key", 50),
    // read: borrow-timeout, fetch-timeout, what the request waits itself; questions to brokers.
    READ("stateless read", 20),
    // admin-timeout, for two questions that build on each other.
    ADMIN("v3 and v2 GET", 20),
    // consumers: api-timeout, hop-timeout.
    CONSUMER("consumer instances", 30),
    // The time to the first byte; admin-timeout.
    EVENTS("server-sent events", 20);

    /** For a machine that is busy with the faults themselves. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    private final String description;
    private final Duration documented;

    TroubleKind(String description, int documentedSeconds) {
        this.description = description;
        this.documented = Duration.ofSeconds(documentedSeconds);
    }

    String description() {
        return description;
    }

    /** The sum of the time-outs that are documented, and some slack. */
    Duration bound() {
        return documented.plus(SLACK);
    }
}
