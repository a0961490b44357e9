package io.fleuve.broker.coordinator;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;

/**
 * Shows the library's own metrics as gauges: {@code fleuve.group.coordinator.*}, with the library's
 * names and tags. Values that are no numbers are left out.
 */
final class MicrometerBridge implements MetricsReporter {

    private static final String PREFIX = "fleuve.group.coordinator.";

    private final MeterRegistry registry;
    private final Map<MetricName, Gauge> gauges = new ConcurrentHashMap<>();

    MicrometerBridge(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void init(List<KafkaMetric> metrics) {
        metrics.forEach(this::metricChange);
    }

    @Override
    public void metricChange(KafkaMetric metric) {
        MetricName name = metric.metricName();
        if (name.group().equals("kafka-metrics-count")) {
            return;
        }
        metricRemoval(metric);
        List<Tag> tags =
                name.tags().entrySet().stream()
                        .map(tag -> Tag.of(tag.getKey(), tag.getValue()))
                        .toList();
        gauges.put(
                name,
                Gauge.builder(PREFIX + name.name().replace('-', '.'), metric, this::value)
                        .description(name.description())
                        .tags(tags)
                        .strongReference(true)
                        .register(registry));
    }

    private double value(KafkaMetric metric) {
        return metric.metricValue() instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    @Override
    public void metricRemoval(KafkaMetric metric) {
        Gauge gauge = gauges.remove(metric.metricName());
        if (gauge != null) {
            registry.remove(gauge);
        }
    }

    @Override
    public void configure(Map<String, ?> configs) {}

    @Override
    public void close() {
        gauges.values().forEach(registry::remove);
        gauges.clear();
    }
}
