package io.fleuve.gateway.kafka;

import org.apache.kafka.common.IsolationLevel;

/** Whether records of open and aborted transactions are hidden from a reader. */
public enum Isolation {
    /** They are hidden, and a partition ends where the first open transaction begins. */
    READ_COMMITTED("read_committed", IsolationLevel.READ_COMMITTED),
    /** Everything is shown as soon as it is written. */
    READ_UNCOMMITTED("read_uncommitted", IsolationLevel.READ_UNCOMMITTED);

    private final String propertyValue;
    private final IsolationLevel level;

    Isolation(String propertyValue, IsolationLevel level) {
        this.propertyValue = propertyValue;
        this.level = level;
    }

    /** As Kafka's clients call it, and clients of this gateway. */
    public String propertyValue() {
        return propertyValue;
    }

    IsolationLevel level() {
        return level;
    }
}
