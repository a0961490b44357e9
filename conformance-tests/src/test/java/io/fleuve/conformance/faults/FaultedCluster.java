package io.fleuve.conformance.faults;

import io.fleuve.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A platform whose parts, and the connections between them, can be broken one by one. */
public interface FaultedCluster extends AutoCloseable {

    /** A broker and its surroundings. */
    interface Node {

        /** Process id of the broker. */
        long pid();

        /** Whether the broker's process lives. */
        boolean isAlive();

        /** Ends the broker with SIGKILL. */
        void kill();

        /** Starts the broker again on the same port and data; returns when it answers. */
        void restart();

        /** What clients connect to. */
        TcpProxy clients();

        /** What the broker takes for the database. */
        TcpProxy database();
    }

    /** Brokers of Fleuve that share a database and a store. */
    static FaultedCluster fleuve(int brokers) throws IOException {
        return new FleuveCluster(brokers);
    }

    /**
     * One node of Apache Kafka, which tests the tests. It has neither database nor store: only
     * {@link Fault#ofAnyBroker} can happen to it.
     */
    static FaultedCluster apacheKafka() {
        return new ApacheKafkaCluster();
    }

    /** Through the proxies. */
    String bootstrapServers();

    /** Its brokers. */
    List<Node> nodes();

    /** The database. */
    EmbeddedPostgres postgres();

    /** The directory that record bytes go to. */
    Path store();

    /** Lines of the brokers' logs that tell of an error that no fault explains. */
    List<String> errors() throws IOException;

    @Override
    void close();
}
