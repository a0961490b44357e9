package io.fleuve.broker.metadata;

import org.jspecify.annotations.Nullable;

/**
 * A broker that is alive.
 *
 * @param id its id
 * @param address what clients of its Kafka port shall use
 * @param external what clients of its external listener shall use; null if it has none
 */
public record BrokerImage(int id, Address address, @Nullable Address external) {

    /** A broker with one listener. */
    public BrokerImage(int id, String host, int port) {
        this(id, new Address(host, port), null);
    }

    /** Where a broker is found. */
    public record Address(String host, int port) {}

    /**
     * What clients from outside shall use; a broker without an external listener has one address
     * for all.
     */
    public Address externalAddress() {
        return external == null ? address : external;
    }
}
