package io.fleuve.gateway.kafka;

import io.fleuve.gateway.kafka.ClusterSurvey.TopicState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Meters of the cluster that are the same on every platform: how far each consumer group is behind,
 * and what each topic holds. Every gateway tells the same, so dashboards take the maximum over
 * them. What could not be asked lately is not told at all.
 */
public final class ClusterMeters implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(ClusterMeters.class);

    private final Supplier<ClusterSurvey.Result> surveys;
    private final MultiGauge lags;
    private final MultiGauge records;
    private final MultiGauge bytes;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * @param interval how often the brokers are asked; zero asks them never
     */
    public ClusterMeters(
            Supplier<ClusterSurvey.Result> surveys, Duration interval, MeterRegistry registry) {
        this.surveys = surveys;
        lags =
                MultiGauge.builder("fleuve.gateway.group.lag")
                        .description("Records between a consumer group's commits and the ends")
                        .baseUnit("records")
                        .register(registry);
        records =
                MultiGauge.builder("fleuve.gateway.topic.held")
                        .description("Offsets that a topic holds, from begin to end")
                        .baseUnit("records")
                        .register(registry);
        bytes =
                MultiGauge.builder("fleuve.gateway.topic.size")
                        .description("Size of one replica of a topic")
                        .baseUnit("bytes")
                        .register(registry);
        if (interval.isPositive()) {
            Thread.ofVirtual().name("gateway-cluster-meters").start(() -> watch(interval));
        }
    }

    private void watch(Duration interval) {
        try {
            do {
                look();
            } while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks once. */
    void look() {
        try {
            ClusterSurvey.Result result = surveys.get();
            lags.register(
                    result.groups().stream()
                            .<MultiGauge.Row<?>>map(g -> row("group", g.id(), g.lag()))
                            .toList(),
                    true);
            records.register(rows(result, TopicState::messages), true);
            bytes.register(rows(result, TopicState::bytes), true);
        } catch (KafkaException | IllegalStateException e) {
            LOGGER.atDebug().setCause(e).log("the cluster could not be measured");
            tellNothing();
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).log("measuring the cluster failed by a defect");
            tellNothing();
        }
    }

    private static List<MultiGauge.Row<?>> rows(
            ClusterSurvey.Result result, Function<TopicState, @Nullable Long> figure) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (TopicState topic : result.topics()) {
            Long value = figure.apply(topic);
            if (value != null) {
                rows.add(row("topic", topic.name(), value));
            }
        }
        return rows;
    }

    private static MultiGauge.Row<?> row(String tag, String name, long value) {
        return MultiGauge.Row.of(Tags.of(tag, name), value);
    }

    private void tellNothing() {
        lags.register(List.of(), true);
        records.register(List.of(), true);
        bytes.register(List.of(), true);
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
