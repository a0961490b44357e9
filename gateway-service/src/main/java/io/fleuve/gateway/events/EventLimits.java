package io.fleuve.gateway.events;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The bounds of server-sent events, all below {@code fleuve.gateway.events}.
 *
 * @param maxReaders connections that read events at once
 * @param maxTails topics (times the isolations asked for) that have readers at once, each with a
 *     consumer and a ring
 * @param ringSize bytes of the newest records that a tail keeps for its readers
 * @param ringRecords the same as a number of records
 * @param fetchSize bytes of one fetch of a tail, hence about what a reader that writes holds on to
 * @param maxRecordSize beyond which a record's value is left out of its event
 * @param catchUpConsumers readers that fetch older records at once
 * @param catchUpRecords records of one such fetch
 * @param catchUpSize bytes of one such fetch
 * @param heartbeat how long a connection may be silent; the reader's position goes along
 * @param retry how long a browser waits before it connects anew
 * @param slowReaderTimeout how long a reader that fell out of the ring may take to come back
 * @param slowWriteTimeout how long a connection may take to accept what is sent
 * @param probeInterval how often a tail asks whether its topic is still there, and served
 * @param tailLinger how long a tail goes on without readers
 */
public record EventLimits(
        @DefaultValue("2000") int maxReaders,
        @DefaultValue("32") int maxTails,
        @DefaultValue("2MB") DataSize ringSize,
        @DefaultValue("10000") int ringRecords,
        @DefaultValue("256KB") DataSize fetchSize,
        @DefaultValue("1MB") DataSize maxRecordSize,
        @DefaultValue("4") int catchUpConsumers,
        @DefaultValue("500") int catchUpRecords,
        @DefaultValue("256KB") DataSize catchUpSize,
        @DefaultValue("15s") Duration heartbeat,
        @DefaultValue("2s") Duration retry,
        @DefaultValue("30s") Duration slowReaderTimeout,
        @DefaultValue("10s") Duration slowWriteTimeout,
        @DefaultValue("5s") Duration probeInterval,
        @DefaultValue("30s") Duration tailLinger) {

    private static final String PREFIX = "fleuve.gateway.events.";
    private static final int MAX_BYTES = 1 << 30;

    public EventLimits {
        positive("max-readers", maxReaders);
        positive("max-tails", maxTails);
        positive("ring-records", ringRecords);
        positive("catch-up-consumers", catchUpConsumers);
        positive("catch-up-records", catchUpRecords);
        size("ring-size", ringSize);
        size("fetch-size", fetchSize);
        size("max-record-size", maxRecordSize);
        size("catch-up-size", catchUpSize);
        positive("heartbeat", heartbeat);
        positive("retry", retry);
        positive("slow-reader-timeout", slowReaderTimeout);
        positive("slow-write-timeout", slowWriteTimeout);
        positive("probe-interval", probeInterval);
        check(!tailLinger.isNegative(), "tail-linger", "zero or longer", tailLinger);
    }

    private static void positive(String key, int value) {
        check(value > 0, key, "at least 1", value);
    }

    private static void positive(String key, Duration value) {
        check(value.compareTo(Duration.ofMillis(1)) >= 0, key, "at least 1ms", value);
    }

    private static void size(String key, DataSize value) {
        check(
                value.toBytes() >= 1024 && value.toBytes() <= MAX_BYTES,
                key,
                "from 1024 to %d bytes".formatted(MAX_BYTES),
                value);
    }

    private static void check(boolean holds, String key, String expected, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s%s must be %s, but is %s".formatted(PREFIX, key, expected, value));
        }
    }
}
