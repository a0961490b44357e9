package io.fleuve.conformance.exactlyonce;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
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
import org.apache.kafka.streams.kstream.TimeWindows;

/**
 * Reads {@code region,celsius} by sensor; after each reading it writes how many the region has had
 * ({@code totals}), and {@code count,sum} of the region's window of ten minutes ({@code windows}).
 *
 * <p>If all readings of a region are in one partition, its output follows from its input alone:
 * nothing is cached, so that there is an output record for each input record; no window closes, so
 * that it does not matter how far the other regions are.
 *
 * <p>Arguments: bootstrap address, application id, state directory, the three topics. Ends with its
 * process, in good order at SIGTERM.
 */
final class RegionTotals {

    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final Duration NEVER = Duration.ofDays(365);
    private static final int TRANSACTION_TIMEOUT_MS = 6_000;

    private RegionTotals() {}

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
                        StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                        StreamsConfig.EXACTLY_ONCE_V2,
                        StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
                        0,
                        StreamsConfig.producerPrefix("transaction.timeout.ms"),
                        TRANSACTION_TIMEOUT_MS,
                        StreamsConfig.consumerPrefix("session.timeout.ms"),
                        6_000,
                        StreamsConfig.consumerPrefix("heartbeat.interval.ms"),
                        500,
                        StreamsConfig.consumerPrefix("auto.offset.reset"),
                        "earliest"));
        KafkaStreams streams =
                new KafkaStreams(topology(arguments[3], arguments[4], arguments[5]), settings);
        CountDownLatch ended = new CountDownLatch(1);
        streams.setStateListener(
                (now, _) -> {
                    if (now == KafkaStreams.State.ERROR) {
                        ended.countDown();
                    }
                });
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(20))));
        streams.start();
        ended.await();
        System.exit(1);
    }

    private static Topology topology(String readings, String totals, String windows) {
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
        byRegion.windowedBy(TimeWindows.ofSizeAndGrace(WINDOW, NEVER))
                .aggregate(
                        () -> "0,0",
                        (_, celsius, sofar) -> add(sofar, Integer.parseInt(celsius)),
                        Materialized.with(Serdes.String(), Serdes.String()))
                .toStream()
                .map(
                        (window, sum) ->
                                KeyValue.pair(window.key() + "@" + window.window().start(), sum))
                .to(windows, Produced.with(Serdes.String(), Serdes.String()));
        return builder.build();
    }

    private static String add(String sofar, int celsius) {
        int comma = sofar.indexOf(',');
        int count = Integer.parseInt(sofar.substring(0, comma));
        int sum = Integer.parseInt(sofar.substring(comma + 1));
        return (count + 1) + "," + (sum + celsius);
    }
}
