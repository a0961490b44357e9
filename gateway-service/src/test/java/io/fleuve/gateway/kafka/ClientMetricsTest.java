package io.fleuve.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class ClientMetricsTest {

    // Nobody listens there, and nobody is asked for more than the metrics that are there at once.
    private static KafkaProducer<byte[], byte[]> producer(String id) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:1", "client.id", id),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @Test
    void holdsNothingOfAClientWhoseMetricsAreClosed() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (ClientMetrics scheduler = new ClientMetrics();
                KafkaProducer<byte[], byte[]> first = producer("first");
                KafkaProducer<byte[], byte[]> second = producer("second")) {
            ClientMetrics.Published firsts =
                    scheduler.publish(
                            new KafkaClientMetrics(first, List.of(), scheduler), registry);
            ClientMetrics.Published seconds =
                    scheduler.publish(
                            new KafkaClientMetrics(second, List.of(), scheduler), registry);
            assertThat(scheduler.getQueue()).hasSize(2);
            int meters = registry.getMeters().size();

            firsts.close();

            assertThat(scheduler.getQueue()).hasSize(1);
            assertThat(registry.getMeters()).hasSizeBetween(1, meters - 1);
            assertThat(registry.getMeters())
                    .noneMatch(meter -> "first".equals(meter.getId().getTag("client.id")))
                    .anyMatch(meter -> "second".equals(meter.getId().getTag("client.id")));

            seconds.close();

            assertThat(scheduler.getQueue()).isEmpty();
            assertThat(registry.getMeters()).isEmpty();
            first.close(Duration.ZERO);
            second.close(Duration.ZERO);
        }
    }
}
