/**
 * Clients that others wrote, against Fleuve: kcat, the tools of Apache Kafka, and kafka-python with
 * the producer that the project began with. {@link io.fleuve.conformance.clients.CommandLine} runs
 * them. It must not know how they are answered.
 */
@NullMarked
package io.fleuve.conformance.clients;

import org.jspecify.annotations.NullMarked;
