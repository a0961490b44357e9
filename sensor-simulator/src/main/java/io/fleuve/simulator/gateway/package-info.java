/**
 * The readings' topic, through the HTTP API of the gateway (Confluent's REST API v3 and v2). {@link
 * io.fleuve.simulator.gateway.GatewayDestination} is the door. It must not know which reading comes
 * next, nor when.
 */
@NullMarked
package io.fleuve.simulator.gateway;

import org.jspecify.annotations.NullMarked;
