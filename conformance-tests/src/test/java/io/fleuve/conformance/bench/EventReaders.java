package io.fleuve.conformance.bench;

import io.fleuve.conformance.gateway.GatewayProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Many readers of server-sent events of one topic, and one producer. */
final class EventReaders {

    private static final String SENT_AT = "\"sentAt\":";

    private EventReaders() {}

    /**
     * What was seen.
     *
     * @param nanos from before the send to the arrival at a reader, in ascending order
     * @param missing events that some reader did not get
     */
    record Result(
            long[] nanos, long missing, double seconds, double cpuSeconds, long memoryBytes) {}

    static Result run(
            GatewayProcess gateway,
            String bootstrap,
            String topic,
            int readers,
            int rate,
            Duration duration)
            throws Exception {
        int events = Math.toIntExact(rate * duration.toSeconds());
        List<HttpConnection> connections = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < readers; i++) {
                HttpConnection connection = new HttpConnection(gateway.port());
                connections.add(connection);
                connection.open(
                        HttpConnection.get(
                                "/topics/" + topic + "/events?from=start", "text/event-stream"));
            }
            List<Future<long[]>> running =
                    connections.stream().map(c -> threads.submit(() -> read(c, events))).toList();
            List<Long> pid = List.of(gateway.pid());
            ProcessUsage before = ProcessUsage.of(pid);
            long start = System.nanoTime();
            produce(bootstrap, topic, events, rate);
            List<long[]> all = new ArrayList<>();
            for (Future<long[]> each : running) {
                all.add(each.get());
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            ProcessUsage after = ProcessUsage.of(pid);
            long[] nanos = all.stream().flatMapToLong(LongStream::of).sorted().toArray();
            return new Result(
                    nanos,
                    (long) events * readers - nanos.length,
                    seconds,
                    after.cpuSeconds() - before.cpuSeconds(),
                    after.memoryBytes());
        } finally {
            for (HttpConnection each : connections) {
                each.close();
            }
        }
    }

    private static void produce(String bootstrap, String topic, int events, int rate) {
        StringSerializer text = new StringSerializer();
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrap, "acks", "all"), text, text)) {
            long start = System.nanoTime();
            for (int i = 0; i < events; i++) {
                long due = start + i * 1_000_000_000L / rate;
                LockSupport.parkNanos(due - System.nanoTime());
                var _ =
                        producer.send(
                                new ProducerRecord<>(
                                        topic, "{" + SENT_AT + System.nanoTime() + "}"));
            }
        }
    }

    /** Reads until all events are there, or none comes for the time limit of the connection. */
    private static long[] read(HttpConnection connection, int events) {
        LongStream.Builder nanos = LongStream.builder();
        try {
            for (int seen = 0; seen < events; ) {
                String line = connection.line();
                int at = line.indexOf(SENT_AT);
                if (at >= 0) {
                    int from = at + SENT_AT.length();
                    int to = line.indexOf('}', from);
                    nanos.add(System.nanoTime() - Long.parseLong(line.substring(from, to).strip()));
                    seen++;
                }
            }
        } catch (IOException e) {
            System.out.println("a reader of events gave up: " + e);
        }
        return nanos.build().toArray();
    }
}
