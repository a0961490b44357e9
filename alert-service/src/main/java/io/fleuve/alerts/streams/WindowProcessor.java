package io.fleuve.alerts.streams;

import io.fleuve.alerts.readings.RegionAverageCodec;
import io.fleuve.alerts.readings.TemperatureReading;
import io.micrometer.core.instrument.Counter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Keeps the windows of the regions of one task and publishes each once, when it closes. {@link
 * RegionWindows} decides; this class gives it readings and the time.
 *
 * <p>An average is sent before the state that calls its window closed, and the state is flushed
 * when offsets are committed. A clean stop therefore never publishes a window twice; a crash may,
 * with the same bytes. With the guarantee {@code exactly_once_v2} neither happens.
 */
final class WindowProcessor extends ContextualProcessor<String, SourcedReading, byte[], byte[]> {

    private final AveragingTopology.Parts parts;
    private final RegionAverageCodec codec = new RegionAverageCodec();
    private final Map<String, Long> lastArrivalMs = new HashMap<>();
    private long startedMs;
    private KeyValueStore<String, RegionWindows> store;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else
    WindowProcessor(AveragingTopology.Parts parts) {
        this.parts = parts;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        super.init(context);
        store = context.getStateStore(AveragingTopology.STORE);
        startedMs = context.currentSystemTimeMs();
        context.schedule(
                idleCheckInterval(), PunctuationType.WALL_CLOCK_TIME, this::closeIdleRegions);
    }

    @Override
    public void process(Record<String, SourcedReading> record) {
        String region = record.key();
        TemperatureReading reading = record.value().reading();
        lastArrivalMs.put(region, context().currentSystemTimeMs());
        RegionWindows stored = store.get(region);
        RegionWindows windows =
                stored == null
                        ? RegionWindows.empty(parts.source().id())
                        : stored.ofTopic(parts.source().id());
        RegionWindows.Outcome outcome =
                windows.add(
                        record.value().origin(),
                        reading.observedAt().toEpochMilli(),
                        reading.celsius(),
                        parts.windowing());
        switch (outcome) {
            case RegionWindows.Outcome.Counted(RegionWindows next, List<WindowTotal> closed) -> {
                publish(region, closed, parts.metrics().windowsClosedByEventTime);
                store.put(region, next);
            }
            case RegionWindows.Outcome.Late(RegionWindows next) -> {
                parts.metrics().lateReadings.increment();
                store.put(region, next);
            }
            case RegionWindows.Outcome.Repeated() -> parts.metrics().repeatedReadings.increment();
        }
    }

    private void closeIdleRegions(long nowMs) {
        // Collected first: a store is not written to under its own iterator.
        List<KeyValue<String, RegionWindows>> idle = new ArrayList<>();
        try (KeyValueIterator<String, RegionWindows> regions = store.all()) {
            while (regions.hasNext()) {
                KeyValue<String, RegionWindows> region = regions.next();
                long silentSinceMs = lastArrivalMs.getOrDefault(region.key, startedMs);
                if (nowMs - silentSinceMs >= parts.windowing().idleAfter().toMillis()) {
                    idle.add(region);
                }
            }
        }
        for (KeyValue<String, RegionWindows> region : idle) {
            RegionWindows.IdleClose result = region.value.closeIdle(nowMs, parts.windowing());
            if (!result.closed().isEmpty()) {
                publish(region.key, result.closed(), parts.metrics().windowsClosedByIdleness);
                store.put(region.key, result.next());
            }
        }
    }

    private void publish(String region, List<WindowTotal> closed, Counter counter) {
        for (WindowTotal window : closed) {
            context()
                    .forward(
                            new Record<>(
                                    region.getBytes(StandardCharsets.UTF_8),
                                    codec.encode(window.toAverage(region)),
                                    window.startMs()));
            counter.increment();
        }
    }

    private Duration idleCheckInterval() {
        long quarterMs = parts.windowing().idleAfter().toMillis() / 4;
        return Duration.ofMillis(Math.clamp(quarterMs, 50, 5_000));
    }
}
