/**
 * Clients that others wrote, each on Apache Kafka and on Fleuve: a {@link
 * io.fleuve.conformance.clients.ClientProgram} plays scenarios and prints what it sees. The
 * programs themselves are below {@code src/test/clients}. It must not know how they are answered.
 */
@NullMarked
package io.fleuve.conformance.clients;

import org.jspecify.annotations.NullMarked;
