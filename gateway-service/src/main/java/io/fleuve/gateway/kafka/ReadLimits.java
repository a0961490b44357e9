package io.fleuve.gateway.kafka;

import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The bounds of stateless reads, all below {@code fleuve.gateway.read}.
 *
 * @param poolSize consumers, hence reads that fetch at once
 * @param borrowTimeout how long a read waits for a consumer before it is told to come back
 * @param maxRecords the most records that a request may ask for
 * @param defaultRecords records when a request does not say
 * @param maxSize the most bytes of keys, values and headers that a request may ask for
 * @param defaultSize bytes when a request does not say
 * @param maxTimeout the longest that a request may wait for the first record
 * @param fetchTimeout how long records that exist may take to come from a broker
 * @param fetchWait how long a broker holds a fetch that finds nothing; a consumer fetches ahead, so
 *     the next read may have to sit this time out first
 * @param fetchSize bytes of one fetch from a broker
 * @param isolationLevel read_committed or read_uncommitted
 * @param maxNewest the most records that a request for the newest may ask for
 */
public record ReadLimits(
        @DefaultValue("8") int poolSize,
        @DefaultValue("2s") Duration borrowTimeout,
        @DefaultValue("10000") int maxRecords,
        @DefaultValue("500") int defaultRecords,
        @DefaultValue("8MB") DataSize maxSize,
        @DefaultValue("1MB") DataSize defaultSize,
        @DefaultValue("30s") Duration maxTimeout,
        @DefaultValue("5s") Duration fetchTimeout,
        @DefaultValue("20ms") Duration fetchWait,
        @DefaultValue("1MB") DataSize fetchSize,
        @DefaultValue("read_committed") String isolationLevel,
        @DefaultValue("1000") int maxNewest) {

    private static final String PREFIX = "fleuve.gateway.read.";

    public ReadLimits {
        Bounds.positive(PREFIX + "pool-size", poolSize);
        Bounds.notNegative(PREFIX + "borrow-timeout", borrowTimeout);
        Bounds.positive(PREFIX + "max-records", maxRecords);
        Bounds.check(
                defaultRecords >= 1 && defaultRecords <= maxRecords,
                PREFIX + "default-records",
                "from 1 to max-records (" + maxRecords + ")",
                defaultRecords);
        Bounds.between(PREFIX + "max-size", maxSize, 1, Integer.MAX_VALUE);
        Bounds.between(PREFIX + "default-size", defaultSize, 1, maxSize.toBytes());
        Bounds.notNegative(PREFIX + "max-timeout", maxTimeout);
        Bounds.positive(PREFIX + "fetch-timeout", fetchTimeout);
        Bounds.positive(PREFIX + "fetch-wait", fetchWait);
        Bounds.between(PREFIX + "fetch-size", fetchSize, 1024, 1 << 30);
        Bounds.check(
                Set.of("read_committed", "read_uncommitted").contains(isolationLevel),
                PREFIX + "isolation-level",
                "read_committed or read_uncommitted",
                isolationLevel);
        Bounds.positive(PREFIX + "max-newest", maxNewest);
    }

    /** The same with another number of consumers. */
    public ReadLimits withPoolSize(int consumers) {
        return new ReadLimits(
                consumers,
                borrowTimeout,
                maxRecords,
                defaultRecords,
                maxSize,
                defaultSize,
                maxTimeout,
                fetchTimeout,
                fetchWait,
                fetchSize,
                isolationLevel,
                maxNewest);
    }

    /** What a request sees that does not say. */
    public Isolation isolation() {
        return isolationLevel.equals("read_committed")
                ? Isolation.READ_COMMITTED
                : Isolation.READ_UNCOMMITTED;
    }
}
