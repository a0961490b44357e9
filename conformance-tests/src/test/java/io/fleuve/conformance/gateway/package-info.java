/**
 * The gateway from outside, by HTTP alone: {@link
 * io.fleuve.conformance.gateway.RepeatedRequestsRun} asks what clients are promised of repeated
 * requests while gateways die, {@link io.fleuve.conformance.gateway.BrokerTroubleRun} what all
 * clients are while the broker behind a gateway is in trouble, {@link
 * io.fleuve.conformance.gateway.GatewayExamplesIT} plays the examples of other REST proxies'
 * documentation on both kinds of broker, and {@link
 * io.fleuve.conformance.gateway.SimulatorThroughGatewayIT} has a client of ours publish through it.
 * It must not know the scenarios of Kafka clients.
 */
@NullMarked
package io.fleuve.conformance.gateway;

import org.jspecify.annotations.NullMarked;
