package io.fleuve.conformance.clients.streams;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.processor.StateRestoreListener;

/**
 * Reads {@code region,celsius} by sensor; writes how many readings a region has had ({@code
 * totals}) and, once a window of ten minutes has closed, {@code count,sum} of the region's window
 * ({@code averages}).
 *
 * <p>Arguments: bootstrap address, application id, state directory, the three topics. Prints a line
 * when a store has been restored from its changelog. Ends with its process.
 */
public final class StreamsApplication {

    /** Length of a window. */
    public static final Duration WINDOW = Duration.ofMinutes(10);

    private StreamsApplication() {}

    public static void main(String[] arguments) throws InterruptedException {
        Properties settings = new Properties();
        settings.putAll(
                Map.of(
                        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                        arguments[0],
                        StreamsConfig.APPLICATION_ID_CONFIG,
                        arguments[1],
                        StreamsConfig.STATE_DIR_CONFIG,
                        arguments[2],
                        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                        200,
                        StreamsConfig.NUM_STREAM_THREADS_CONFIG,
                        2,
                        StreamsConfig.consumerPrefix("session.timeout.ms"),
                        6_000,
                        StreamsConfig.consumerPrefix("heartbeat.interval.ms"),
                        500,
                        StreamsConfig.consumerPrefix("auto.offset.reset"),
                        "earliest"));
        KafkaStreams streams =
                new KafkaStreams(topology(arguments[3], arguments[4], arguments[5]), settings);
        streams.setGlobalStateRestoreListener(new PrintedRestoration());
        CountDownLatch ended = new CountDownLatch(1);
        streams.setStateListener(
                (now, _) -> {
                    if (now == KafkaStreams.State.ERROR) {
                        ended.countDown();
                    }
                });
        streams.start();
        ended.await();
        System.exit(1);
    }

    private static Topology topology(String readings, String totals, String averages) {
        StreamsBuilder builder = new StreamsBuilder();
        KGroupedStream<String, String> byRegion =
                builder.stream(readings, Consumed.with(Serdes.String(), Serdes.String()))
                        .map(
                                (_, reading) -> {
                                    int comma = reading.indexOf(',');
                                    return KeyValue.pair(
                                            reading.substring(0, comma),
                                            reading.substring(comma + 1));
                                })
                        .repartition(
                                Repartitioned.with(Serdes.String(), Serdes.String())
                                        .withName("by-region")
                                        .withNumberOfPartitions(2))
                        .groupByKey(Grouped.with(Serdes.String(), Serdes.String()));
        byRegion.count(Materialized.as("totals"))
                .toStream()
                .mapValues(total -> Long.toString(total))
                .to(totals, Produced.with(Serdes.String(), Serdes.String()));
        byRegion.windowedBy(TimeWindows.ofSizeWithNoGrace(WINDOW))
                .aggregate(
                        () -> "0,0",
                        (_, celsius, sofar) -> add(sofar, Integer.parseInt(celsius)),
                        Materialized.with(Serdes.String(), Serdes.String()))
                .suppress(
                        Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded())
                                .withName("closed"))
                .toStream()
                .map(
                        (window, average) ->
                                KeyValue.pair(
                                        window.key() + "@" + window.window().start(), average))
                .to(averages, Produced.with(Serdes.String(), Serdes.String()));
        return builder.build();
    }

    private static String add(String sofar, int celsius) {
        int comma = sofar.indexOf(',');
        int count = Integer.parseInt(sofar.substring(0, comma));
        int sum = Integer.parseInt(sofar.substring(comma + 1));
        return (count + 1) + "," + (sum + celsius);
    }

    /** The line is what the test waits for. */
    private static final class PrintedRestoration implements StateRestoreListener {

        @Override
        public void onRestoreStart(TopicPartition partition, String store, long start, long end) {}

        @Override
        public void onBatchRestored(TopicPartition partition, String store, long end, long count) {}

        @Override
        public void onRestoreEnd(TopicPartition partition, String store, long total) {
            if (total > 0) {
                System.out.println("restored " + store);
            }
        }
    }
}
