package io.fleuve.gateway.kafka;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The bounds of administration, below {@code fleuve.gateway.admin}.
 *
 * @param maxRequestSize bytes of the body of a request that changes topics, configurations or
 *     groups
 */
public record AdminLimits(@DefaultValue("1MB") DataSize maxRequestSize) {

    public AdminLimits {
        Bounds.between(
                "fleuve.gateway.admin.max-request-size", maxRequestSize, 1024, Integer.MAX_VALUE);
    }
}
