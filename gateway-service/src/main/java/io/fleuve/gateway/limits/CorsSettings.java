package io.fleuve.gateway.limits;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which web pages of other origins may call the gateway, below {@code fleuve.gateway.cors}.
 *
 * @param allowedOrigins such as {@code https://dashboard.example.org}, or {@code *} for any; empty,
 *     the default, for none
 * @param maxAge how long a browser may remember what it was told
 */
public record CorsSettings(
        @DefaultValue List<String> allowedOrigins, @DefaultValue("1h") Duration maxAge) {

    private static final String PREFIX = "fleuve.gateway.cors.";

    public CorsSettings {
        allowedOrigins = List.copyOf(allowedOrigins);
        for (String origin : allowedOrigins) {
            if (!origin.equals("*") && !isOrigin(origin)) {
                throw new IllegalArgumentException(
                        PREFIX
                                + "allowed-origins must be * or scheme://host[:port] without a path, but one is "
                                + origin);
            }
        }
        if (maxAge.isNegative()) {
            throw new IllegalArgumentException(
                    PREFIX + "max-age must be zero or longer, but is " + maxAge);
        }
    }

    private static boolean isOrigin(String origin) {
        try {
            URI uri = URI.create(origin);
            return uri.getScheme() != null
                    && uri.getHost() != null
                    && uri.getRawPath().isEmpty()
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether any page of another origin may call. */
    public boolean enabled() {
        return !allowedOrigins.isEmpty();
    }
}
