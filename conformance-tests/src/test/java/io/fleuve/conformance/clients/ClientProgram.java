package io.fleuve.conformance.clients;

import java.util.Optional;

/** A client that others wrote, and what it is made to do. */
interface ClientProgram {

    /** As it stands in the test's report; its version is known when it has run. */
    String name();

    /**
     * Installs what it needs, below {@code target}, unless that is done.
     *
     * @return the reason why it cannot run on this machine
     */
    Optional<String> unavailable();

    /** Plays all its scenarios on a platform. */
    Play play(String bootstrapServers);
}
