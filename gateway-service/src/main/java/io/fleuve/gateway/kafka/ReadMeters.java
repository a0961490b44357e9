package io.fleuve.gateway.kafka;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is counted and timed of stateless reads, whatever path they came by. */
public final class ReadMeters {

    private final Counter records;
    private final Counter bytes;
    private final Timer latency;

    public ReadMeters(MeterRegistry registry) {
        this.records =
                Counter.builder("fleuve.gateway.read.records")
                        .description("Records given to clients")
                        .register(registry);
        this.bytes =
                Counter.builder("fleuve.gateway.read.bytes")
                        .description("Bytes of keys, values and headers given to clients")
                        .baseUnit("bytes")
                        .register(registry);
        this.latency =
                Timer.builder("fleuve.gateway.read.latency")
                        .description("One stateless read, waiting for records included")
                        .publishPercentileHistogram()
                        .register(registry);
    }

    /** Times a read that succeeds. */
    public <T> T time(Supplier<T> read) {
        Timer.Sample sample = Timer.start();
        T result = read.get();
        sample.stop(latency);
        return result;
    }

    /** Counts what a client is given. */
    public void count(List<ConsumerRecord<byte[], byte[]>> given) {
        records.increment(given.size());
        given.forEach(record -> bytes.increment(PartitionReader.sizeOf(record)));
    }
}
