package io.fleuve.simulator.kafka;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * How often producers, open ones and closed ones, sent a record again. Safe for several threads.
 */
final class Retries {

    private final LongAdder ofClosed = new LongAdder();
    private final Set<Producer<?, ?>> open = ConcurrentHashMap.newKeySet();

    void opened(Producer<?, ?> producer) {
        open.add(producer);
    }

    void closing(Producer<?, ?> producer) {
        if (open.remove(producer)) {
            ofClosed.add(of(producer));
        }
    }

    long sum() {
        return ofClosed.sum() + open.stream().mapToLong(Retries::of).sum();
    }

    private static long of(Producer<?, ?> producer) {
        for (Map.Entry<MetricName, ? extends Metric> metric : producer.metrics().entrySet()) {
            if (metric.getKey().name().equals("record-retry-total")
                    && metric.getKey().group().equals("producer-metrics")
                    && metric.getValue().metricValue() instanceof Double total) {
                return Math.round(total);
            }
        }
        return 0;
    }
}
