package io.fleuve.alerts.rules;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The windows that a rule looks at, as someone wrote them.
 *
 * @param window absent means the service's own windows
 * @param grace how long a window waits for readings out of order; absent means the service's own
 * @param by region or sensor; absent means region
 * @param function average, min, max, count, stddev, rate, p50, p90, p95 or p99; absent means
 *     average
 * @param revisions whether late readings publish a window again; absent means no
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AggregationDraft(
        @Nullable WindowDraft window,
        @Nullable String grace,
        @Nullable String by,
        @Nullable String function,
        @Nullable Boolean revisions) {

    /**
     * The shape of windows.
     *
     * @param type tumbling, hopping or session
     * @param size how long a tumbling or hopping window is
     * @param advance how far apart hopping windows start
     * @param gap pause that ends a session
     * @param zone where days of tumbling windows begin; absent means UTC
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record WindowDraft(
            @Nullable String type,
            @Nullable String size,
            @Nullable String advance,
            @Nullable String gap,
            @Nullable String zone) {}
}
