package io.fleuve.broker.log;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** What the log counts and times. */
final class LogMetrics {

    final Timer write;
    final Timer commit;
    final DistributionSummary flushBytes;
    final DistributionSummary flushBatches;
    final Counter appendedBytes;
    final Counter appendedRecords;
    final Counter wrongGuesses;
    final Counter commitRetries;
    final Counter failedWrites;
    final Counter readFromTail;
    final Counter readFromCache;
    final Counter readFromStore;

    LogMetrics(MeterRegistry registry) {
        write = timer(registry, "fleuve.log.write", "Time to make a flush durable in the store");
        commit =
                timer(
                        registry,
                        "fleuve.log.commit",
                        "Time of the transaction that gives a flush its offsets");
        flushBytes =
                DistributionSummary.builder("fleuve.log.flush.size")
                        .baseUnit("bytes")
                        .description("Bytes of one flush")
                        .register(registry);
        flushBatches =
                DistributionSummary.builder("fleuve.log.flush.batches")
                        .description("Batches of one flush")
                        .register(registry);
        appendedBytes =
                Counter.builder("fleuve.log.appended")
                        .baseUnit("bytes")
                        .description("Bytes of acknowledged batches")
                        .register(registry);
        appendedRecords = counter(registry, "fleuve.log.appended.records", "Acknowledged records");
        wrongGuesses =
                counter(
                        registry,
                        "fleuve.log.guesses.wrong",
                        "Batches whose base offset was not the one guessed before");
        commitRetries =
                counter(
                        registry,
                        "fleuve.log.commit.retries",
                        "Commits asked for again as their outcome was unknown");
        failedWrites =
                counter(
                        registry,
                        "fleuve.log.write.failures",
                        "Flushes that the store did not take");
        readFromTail = reads(registry, "tail");
        readFromCache = reads(registry, "cache");
        readFromStore = reads(registry, "store");
    }

    private static Timer timer(MeterRegistry registry, String name, String description) {
        return Timer.builder(name)
                .description(description)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofNanos(100_000))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private static Counter reads(MeterRegistry registry, String from) {
        return Counter.builder("fleuve.log.reads")
                .description("Reads of a log, by where the records were found")
                .tag("from", from)
                .register(registry);
    }
}
