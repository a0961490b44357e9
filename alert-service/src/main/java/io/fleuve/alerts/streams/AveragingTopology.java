package io.fleuve.alerts.streams;

import io.fleuve.alerts.readings.CalibrationsInUse;
import io.fleuve.alerts.readings.ReadingLimits;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.Stores;

/**
 * Readings in, one final result for each region (or sensor), aggregation and window out.
 *
 * <pre>
 *   temperature-data ─► decode ─┬─ keyed, in its region's home partition ─► windows ─► temperature-averages
 *                          ▲    ├─ anything else ─► temperature-unkeyed ─┐    ▲
 *                          │    └─ no reading ─► temperature-dead-letters │    │
 *                          └──────────────── decode-unkeyed ◄────────────┘────┘
 * </pre>
 *
 * <p><b>One home a region.</b> The windows of a region live in one task: that of the partition
 * which Kafka's default partitioner gives to the region as a key. Publishers who key by region, as
 * the contract asks, write there directly, and nothing is re-keyed: re-partitioning a replay inside
 * Streams mixes regions whose clocks differ, and what is behind is lost as late. Only strays take a
 * detour through {@code temperature-unkeyed}, an ordinary topic with as many partitions, keyed by
 * region: readings without a key (bare integers of the region {@code default}, which lie on all
 * partitions), and those of clients with another partitioner. So two publishers of one region never
 * give it two averages for one hour.
 *
 * <p>Readings that lie on several partitions have no common order. While the service keeps up they
 * arrive about as they were observed; when it works off a long backlog of unkeyed readings,
 * partitions are read in turns, and a reading further behind than the grace is late. Publishers who
 * care send a key.
 *
 * <p>The state is one small entry a series, in memory, backed by a compacted changelog: there is no
 * RocksDB, and a restart reads back a few records. The store's cache writes the changelog once per
 * commit instead of once per reading.
 */
final class AveragingTopology {

    static final String STORE = "series-windows";
    static final String WINDOWS = "windows";
    static final String UNKEYED_SINK = "to-unkeyed";
    static final String DEAD_LETTER_SINK = "to-dead-letters";
    private static final String READINGS_SOURCE = "readings";
    private static final String UNKEYED_SOURCE = "unkeyed-readings";
    private static final String DECODE = "decode";
    private static final String DECODE_UNKEYED = "decode-unkeyed";

    /** Entries carry event time, which in a fast replay runs ahead of the broker's clock. */
    private static final Map<String, String> CHANGELOG =
            Map.of(
                    TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                    Long.toString(Long.MAX_VALUE));

    /** What the processors share. */
    record Parts(
            SourceTopic source,
            Windowing windowing,
            ReadingLimits limits,
            CalibrationsInUse calibrations,
            StreamMetrics metrics) {}

    private AveragingTopology() {}

    static Topology build(TopicSettings topics, Parts parts) {
        ByteArrayDeserializer bytesIn = new ByteArrayDeserializer();
        ByteArraySerializer bytesOut = new ByteArraySerializer();
        // Event time is in the value; a record stamped before the epoch is no reason to stop.
        TimestampExtractor stamp = (record, partitionTime) -> Math.max(0, record.timestamp());
        return new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        READINGS_SOURCE,
                        stamp,
                        bytesIn,
                        bytesIn,
                        topics.readings())
                .addSource(
                        AutoOffsetReset.earliest(),
                        UNKEYED_SOURCE,
                        stamp,
                        bytesIn,
                        bytesIn,
                        topics.unkeyed())
                .addProcessor(DECODE, () -> new DecodeProcessor(parts, false), READINGS_SOURCE)
                .addProcessor(
                        DECODE_UNKEYED, () -> new DecodeProcessor(parts, true), UNKEYED_SOURCE)
                .addProcessor(WINDOWS, () -> new WindowProcessor(parts), DECODE, DECODE_UNKEYED)
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                        Stores.inMemoryKeyValueStore(STORE),
                                        Serdes.String(),
                                        new SeriesWindowsSerde())
                                .withCachingEnabled()
                                .withLoggingEnabled(CHANGELOG),
                        WINDOWS)
                .addSink("to-averages", topics.averages(), bytesOut, bytesOut, WINDOWS)
                .addSink(UNKEYED_SINK, topics.unkeyed(), bytesOut, bytesOut, DECODE)
                .addSink(
                        DEAD_LETTER_SINK,
                        topics.deadLetters(),
                        bytesOut,
                        bytesOut,
                        DECODE,
                        DECODE_UNKEYED);
    }
}
