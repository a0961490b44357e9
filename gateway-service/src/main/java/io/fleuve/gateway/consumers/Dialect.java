package io.fleuve.gateway.consumers;

/**
 * Whose API the creator of an instance speaks. The two share their paths, and differ in what an
 * offset to commit means, in what records look like and in some answers.
 */
public enum Dialect {
    /** Confluent's REST proxy: a committed offset is that of the last record that was processed. */
    CONFLUENT,
    /** Strimzi's bridge: a committed offset is that of the next record to read. */
    STRIMZI
}
