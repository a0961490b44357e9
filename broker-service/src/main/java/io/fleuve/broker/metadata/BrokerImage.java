package io.fleuve.broker.metadata;

/**
 * A broker that is alive.
 *
 * @param id its id
 * @param host the host that clients shall use
 * @param port the port that clients shall use
 */
public record BrokerImage(int id, String host, int port) {}
