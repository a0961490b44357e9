package io.fleuve.simulator.publish;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What became of the readings of one source since the process started. Counted by any thread. */
public final class PublishedCounts {

    private static final int RATE_SECONDS = 10;

    private final Map<String, LongAdder> acknowledged = new ConcurrentHashMap<>();
    private final LongAdder failed = new LongAdder();
    private final LongAdder all = new LongAdder();
    private volatile @Nullable Instant eventTime;

    private final long[] inSecond = new long[RATE_SECONDS + 1];
    private long rateSecond;

    /** Notes that a reading is durable. */
    public void acknowledged(Reading reading, Instant now) {
        acknowledged.computeIfAbsent(reading.region(), _ -> new LongAdder()).increment();
        all.increment();
        eventTime = reading.observedAt();
        synchronized (inSecond) {
            forgetUpTo(now.getEpochSecond());
            inSecond[slot(rateSecond)]++;
        }
    }

    /** Notes that a reading was refused. */
    public void failed() {
        failed.increment();
    }

    /** Readings that are durable. */
    public long acknowledged() {
        return all.sum();
    }

    /** Readings of a region that are durable. */
    public long acknowledged(String region) {
        LongAdder ofRegion = acknowledged.get(region);
        return ofRegion == null ? 0 : ofRegion.sum();
    }

    /** Readings that are durable, by region. */
    public Map<String, Long> byRegion() {
        Map<String, Long> counts = new LinkedHashMap<>();
        acknowledged.forEach((region, count) -> counts.put(region, count.sum()));
        return Collections.unmodifiableMap(counts);
    }

    /** Readings that were refused. */
    public long failures() {
        return failed.sum();
    }

    /** The time of the reading that was acknowledged last. */
    public @Nullable Instant eventTime() {
        return eventTime;
    }

    /** Readings acknowledged a second, over the last ten seconds that are complete. */
    public double perSecond(Instant now) {
        synchronized (inSecond) {
            forgetUpTo(now.getEpochSecond());
            long sum = 0;
            for (long second = rateSecond - RATE_SECONDS; second < rateSecond; second++) {
                sum += inSecond[slot(second)];
            }
            return (double) sum / RATE_SECONDS;
        }
    }

    private void forgetUpTo(long second) {
        if (second <= rateSecond) {
            return;
        }
        for (long s = Math.max(rateSecond + 1, second - RATE_SECONDS); s <= second; s++) {
            inSecond[slot(s)] = 0;
        }
        rateSecond = second;
    }

    private static int slot(long second) {
        return (int) Math.floorMod(second, (long) (RATE_SECONDS + 1));
    }
}
