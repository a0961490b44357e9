package io.fleuve.conformance.platform;

import java.util.List;

/** A running platform that speaks the Kafka protocol. */
public interface PlatformUnderTest extends AutoCloseable {

    /** As it stands in messages. */
    String name();

    /** {@code host:port}, the same after a restart. */
    String bootstrapServers();

    /** Ids of all processes that make it up, without their children. */
    List<Long> processes();

    /** Ends the broker with SIGKILL. */
    void kill();

    /** Starts the broker again on the same port and data; returns when it answers. */
    void restart();

    @Override
    void close();
}
