/**
 * The REST gateway: Confluent's v3 and v2 APIs, and stateless reads, over stock Kafka clients.
 * {@link io.fleuve.gateway.GatewayApplication} starts it. It knows a broker by its bootstrap
 * address alone, and must never see a class of the broker's own modules.
 */
@NullMarked
package io.fleuve.gateway;

import org.jspecify.annotations.NullMarked;
