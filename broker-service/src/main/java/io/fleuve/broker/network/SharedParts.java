package io.fleuve.broker.network;

/**
 * What all connections of a server share.
 *
 * @param settings the server's bounds
 * @param dispatcher makes answers of frames
 * @param budget bytes of requests that may wait for their answers
 * @param metrics the server's meters
 * @param cuts tells of connections that the broker closes
 */
record SharedParts(
        ServerSettings settings,
        RequestDispatcher dispatcher,
        ByteBudget budget,
        ServerMetrics metrics,
        CutLog cuts) {}
