package io.fleuve.simulator;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The gateway to publish through, below {@code fleuve.simulator.gateway}.
 *
 * @param url where it is
 * @param batchReadings most readings of one request
 * @param lanes requests that may be under way at once
 * @param requestTimeout how long one attempt may take; longer than the gateway's own time-outs
 */
public record GatewayProperties(
        @DefaultValue("http://127.0.0.1:8080") URI url,
        @DefaultValue("500") int batchReadings,
        @DefaultValue("4") int lanes,
        @DefaultValue("40s") Duration requestTimeout) {

    private static final String PREFIX = "fleuve.simulator.gateway.";

    public GatewayProperties {
        Checks.between(PREFIX + "batch-readings", batchReadings, 1, 10_000);
        Checks.between(PREFIX + "lanes", lanes, 1, 64);
        Checks.between(PREFIX + "request-timeout (ms)", requestTimeout.toMillis(), 1, 600_000);
    }
}
