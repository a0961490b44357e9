package io.fleuve.broker.transaction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What an operator wants to know of transactions. */
final class TransactionMetrics {

    final Timer commits;
    final Timer aborts;
    final Counter timeouts;
    final Counter fenced;
    private volatile TransactionCatalog.Open open =
            new TransactionCatalog.Open(0, Optional.empty());

    TransactionMetrics(MeterRegistry registry, Clock clock) {
        commits = ends(registry, "commit");
        aborts = ends(registry, "abort");
        timeouts =
                Counter.builder("fleuve.transactions.timeouts")
                        .description("Transactions aborted because their time was over")
                        .register(registry);
        fenced =
                Counter.builder("fleuve.transactions.fenced")
                        .description("Requests of producers that a newer one has replaced")
                        .register(registry);
        Gauge.builder("fleuve.transactions.open", () -> open.count())
                .description("Transactions that are open in the cluster")
                .register(registry);
        TimeGauge.builder(
                        "fleuve.transactions.oldest",
                        () ->
                                open.oldest()
                                        .map(begin -> Duration.between(begin, clock.instant()))
                                        .map(Duration::toMillis)
                                        .orElse(0L),
                        TimeUnit.MILLISECONDS)
                .description("Age of the oldest open transaction in the cluster")
                .register(registry);
    }

    private static Timer ends(MeterRegistry registry, String outcome) {
        return Timer.builder("fleuve.transactions.end")
                .tag("outcome", outcome)
                .description("Ends of transactions, from the request to the commit")
                .register(registry);
    }

    void set(TransactionCatalog.Open now) {
        open = now;
    }
}
