package io.fleuve.conformance.bench;

import io.fleuve.conformance.platform.PlatformUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * How long it takes until a record of 100 B is acknowledged (acks=all), with one request at a time
 * on each of a number of connections.
 *
 * @param rate acknowledgements a second, of all connections
 */
record ProduceLatency(double rate, double medianMs, double p99Ms) {

    private static final int VALUE_BYTES = 100;

    static ProduceLatency of(
            PlatformUnderTest platform,
            String topic,
            int partitions,
            int connections,
            Duration duration)
            throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long start = System.nanoTime();
            List<Future<List<Long>>> running = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                TopicPartition to = new TopicPartition(topic, i % partitions);
                running.add(
                        threads.submit(
                                () -> produce(platform.bootstrapServers(), to, start, duration)));
            }
            List<Long> nanos = new ArrayList<>();
            for (Future<List<Long>> each : running) {
                nanos.addAll(each.get());
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            long[] sorted = nanos.stream().flatMapToLong(LongStream::of).sorted().toArray();
            return new ProduceLatency(
                    sorted.length / seconds,
                    sorted[sorted.length / 2] / 1e6,
                    sorted[(int) (sorted.length * 0.99)] / 1e6);
        }
    }

    private static List<Long> produce(
            String address, TopicPartition to, long start, Duration duration) throws IOException {
        List<Long> nanos = new ArrayList<>();
        try (Wire wire = new Wire(address)) {
            while (System.nanoTime() - start < duration.toNanos()) {
                long sent = System.nanoTime();
                wire.produce(
                        to, new SimpleRecord(System.currentTimeMillis(), new byte[VALUE_BYTES]));
                nanos.add(System.nanoTime() - sent);
            }
        }
        return nanos;
    }
}
