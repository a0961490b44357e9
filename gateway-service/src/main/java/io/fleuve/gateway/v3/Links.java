package io.fleuve.gateway.v3;

import io.fleuve.gateway.v3.Resources.Metadata;
import io.fleuve.gateway.v3.Resources.Related;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/**
 * The URLs and names of resources. URLs begin with the advertised URL, if one is configured, or
 * with what the client called, and stay under the prefix that it used.
 */
public final class Links {

    private static final String KAFKA_PREFIX = "/kafka";

    private final @Nullable String advertisedUrl;

    public Links(@Nullable String advertisedUrl) {
        this.advertisedUrl = advertisedUrl;
    }

    /** Links as the client of {@code request} should see them. */
    Scope of(HttpServletRequest request) {
        String base =
                advertisedUrl != null
                        ? advertisedUrl
                        : ServletUriComponentsBuilder.fromContextPath(request)
                                .build()
                                .toUriString();
        boolean prefixed = request.getRequestURI().startsWith(KAFKA_PREFIX + "/v3");
        return new Scope(base + (prefixed ? KAFKA_PREFIX : ""));
    }

    record Scope(String base) {

        /** {@code base/v3/clusters} and the segments, each encoded. */
        String url(Object... segments) {
            StringBuilder url = new StringBuilder(base).append("/v3/clusters");
            for (Object segment : segments) {
                url.append('/')
                        .append(
                                UriUtils.encodePathSegment(
                                        segment.toString(), StandardCharsets.UTF_8));
            }
            return url.toString();
        }

        Related related(Object... segments) {
            return new Related(url(segments));
        }

        /**
         * @param crn types and ids in turn, beginning after the cluster: {@code topic, t,
         *     partition, 0}
         */
        Metadata metadata(String self, String clusterId, Object... crn) {
            StringBuilder name = new StringBuilder("crn:///kafka=").append(clusterId);
            for (int i = 0; i + 1 < crn.length; i += 2) {
                name.append('/').append(crn[i]).append('=').append(crn[i + 1]);
            }
            // A last element without a partner stands alone, as in .../lag-summary.
            if (crn.length % 2 == 1) {
                name.append('/').append(crn[crn.length - 1]);
            }
            return new Metadata(self, name.toString());
        }
    }
}
