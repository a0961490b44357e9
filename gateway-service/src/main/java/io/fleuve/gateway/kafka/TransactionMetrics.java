package io.fleuve.gateway.kafka;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What an operator sees of transactions. */
final class TransactionMetrics {

    private final Counter committed;
    private final Counter aborted;
    private final Counter lost;
    private final DistributionSummary requests;
    private final Timer duration;

    TransactionMetrics(MeterRegistry registry) {
        this.committed = counter(registry, "committed");
        this.aborted = counter(registry, "aborted");
        this.lost = counter(registry, "lost");
        this.requests =
                DistributionSummary.builder("fleuve.gateway.transactions.requests")
                        .description("Requests that shared a committed transaction")
                        .register(registry);
        this.duration =
                Timer.builder("fleuve.gateway.transactions.duration")
                        .description("From the begin of a transaction until it was committed")
                        .publishPercentileHistogram()
                        .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String result) {
        return Counter.builder("fleuve.gateway.transactions")
                .description("Transactions that have ended, by how")
                .tag("result", result)
                .register(registry);
    }

    void committed(int sharing, long startNanos) {
        committed.increment();
        requests.record(sharing);
        duration.record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
    }

    void aborted() {
        aborted.increment();
    }

    void lost() {
        lost.increment();
    }
}
