package io.fleuve.gateway.limits;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many requests a client may send, below {@code fleuve.gateway.rate-limit}.
 *
 * @param requestsPerSecond in the long run; 0 for no limit, which is the default
 * @param burst requests at once after a pause
 * @param clientHeader a header that names the client, such as {@code X-API-Key}. Only of use where
 *     something in front of the gateway checks it: who may choose a name has no limit. Without it,
 *     and for requests without the header, a client is a remote address
 * @param maxClients clients remembered at once; beyond them the ones not seen for longest start
 *     anew
 * @param exempt what paths begin with that are not counted
 */
public record RateLimits(
        @DefaultValue("0") double requestsPerSecond,
        @DefaultValue("100") int burst,
        @Nullable String clientHeader,
        @DefaultValue("10000") int maxClients,
        @DefaultValue("/actuator") Set<String> exempt) {

    private static final String PREFIX = "fleuve.gateway.rate-limit.";

    public RateLimits {
        check(
                requestsPerSecond == 0
                        || (requestsPerSecond >= 0.001 && requestsPerSecond <= 1_000_000),
                "requests-per-second",
                "0, or from 0.001 to 1000000",
                requestsPerSecond);
        check(burst >= 1, "burst", "at least 1", burst);
        check(maxClients >= 1, "max-clients", "at least 1", maxClients);
        for (String path : exempt) {
            check(path.startsWith("/"), "exempt", "paths that begin with /", path);
        }
        exempt = Set.copyOf(new TreeSet<>(exempt));
    }

    /** Whether there is a limit at all. */
    public boolean enabled() {
        return requestsPerSecond > 0;
    }

    private static void check(boolean holds, String key, String expected, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s%s must be %s, but is %s".formatted(PREFIX, key, expected, value));
        }
    }
}
