package io.fleuve.alerts.streams;

import io.fleuve.alerts.windows.Aggregation;
import io.fleuve.alerts.windows.AggregationsInUse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which windows are kept, and when the wall clock may close them.
 *
 * @param own the service's own windows, published under the id {@value Aggregation#DEFAULT_ID}
 * @param always further windows that the settings ask for
 * @param inUse what rules ask for
 * @param idleAfter how long, by the wall clock, a series must have been silent before the wall
 *     clock may close its windows
 * @param refreshEvery how often {@code inUse} is asked
 * @param maxSeries most series that one task keeps: readings of further ones are not counted
 */
public record Windowing(
        Aggregation own,
        List<Aggregation> always,
        AggregationsInUse inUse,
        Duration idleAfter,
        Duration refreshEvery,
        int maxSeries) {

    public Windowing {
        always = List.copyOf(always);
        if (idleAfter.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.idle-after must be at least 1 ms, but is " + idleAfter);
        }
        if (refreshEvery.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.refresh-every must be at least 1 ms, but is " + refreshEvery);
        }
        if (maxSeries < 1) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.windows.max-series must be at least 1, but is " + maxSeries);
        }
    }

    /**
     * All aggregations by the id under which they are published.
     *
     * @throws RuntimeException if what rules ask for cannot be known now
     */
    Map<String, Aggregation> aggregations() {
        Map<String, Aggregation> byId = new LinkedHashMap<>();
        byId.put(Aggregation.DEFAULT_ID, own);
        always.forEach(a -> put(byId, a));
        inUse.current().forEach(a -> put(byId, a));
        return Map.copyOf(byId);
    }

    private void put(Map<String, Aggregation> byId, Aggregation aggregation) {
        if (!aggregation.equals(own)) {
            byId.put(aggregation.id(), aggregation);
        }
    }
}
