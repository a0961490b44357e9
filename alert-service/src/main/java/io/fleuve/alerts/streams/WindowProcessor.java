package io.fleuve.alerts.streams;

import io.fleuve.alerts.readings.TemperatureReading;
import io.fleuve.alerts.windows.Aggregation;
import io.fleuve.alerts.windows.Grouping;
import io.fleuve.alerts.windows.SeriesWindows;
import io.fleuve.alerts.windows.Window;
import io.fleuve.alerts.windows.WindowResultCodec;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the windows of the regions of one task, for each aggregation in use, and publishes each
 * when it closes. {@link SeriesWindows} decides; this class gives it readings and the time.
 *
 * <p>A result is sent before the state that calls its window closed, and the state is flushed when
 * offsets are committed. A clean stop therefore never publishes a window twice; a crash may, with
 * the same bytes. With the guarantee {@code exactly_once_v2} neither happens.
 */
final class WindowProcessor extends ContextualProcessor<String, SourcedReading, byte[], byte[]> {

    private static final Logger LOGGER = LoggerFactory.getLogger(WindowProcessor.class);

    private final AveragingTopology.Parts parts;
    private final WindowResultCodec codec = new WindowResultCodec();
    private final Map<String, Long> lastArrivalMs = new HashMap<>();
    private Map<String, Aggregation> aggregations = Map.of();
    private long version;
    private long startedMs;
    private long series;
    private KeyValueStore<String, SeriesWindows> store;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else
    WindowProcessor(AveragingTopology.Parts parts) {
        this.parts = parts;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        super.init(context);
        store = context.getStateStore(AveragingTopology.STORE);
        startedMs = context.currentSystemTimeMs();
        // Not to be known is a reason not to start: readings would miss windows.
        version = parts.windowing().inUse().version();
        aggregations = parts.windowing().aggregations();
        series = store.approximateNumEntries();
        context.schedule(
                idleCheckInterval(), PunctuationType.WALL_CLOCK_TIME, this::closeIdleSeries);
        context.schedule(
                parts.windowing().refreshEvery(),
                PunctuationType.WALL_CLOCK_TIME,
                _ -> refreshAggregations());
    }

    @Override
    public void process(Record<String, SourcedReading> record) {
        aggregations.forEach((id, aggregation) -> count(record.value(), id, aggregation));
    }

    private void count(SourcedReading sourced, String id, Aggregation aggregation) {
        TemperatureReading reading = sourced.reading();
        if (!aggregation.filter().passes(reading.region(), reading.sensor(), reading.celsius())) {
            return;
        }
        SeriesKey key =
                new SeriesKey(
                        id,
                        reading.region(),
                        aggregation.by() == Grouping.SENSOR ? reading.sensor() : null);
        String storedKey = key.stored();
        SeriesWindows stored = store.get(storedKey);
        if (stored == null && !hasRoom()) {
            return;
        }
        lastArrivalMs.put(storedKey, context().currentSystemTimeMs());
        SeriesWindows windows =
                stored == null
                        ? SeriesWindows.empty(parts.source().id())
                        : stored.ofTopic(parts.source().id());
        SeriesWindows.Sample sample =
                new SeriesWindows.Sample(
                        sourced.origin().sequence(),
                        sourced.origin().offset(),
                        reading.observedAt().toEpochMilli(),
                        aggregation.transformation().apply(reading.celsius()));
        StreamMetrics metrics = parts.metrics();
        switch (windows.add(sample, aggregation)) {
            case SeriesWindows.Outcome.Counted(
                            SeriesWindows next,
                            List<Window> closed,
                            List<Window> revised,
                            boolean late) -> {
                publish(key, closed, metrics.windowsClosedByEventTime);
                publish(key, revised, metrics.windowsRevised);
                if (late) {
                    metrics.late(id);
                }
                store.put(storedKey, next);
            }
            case SeriesWindows.Outcome.Late(SeriesWindows next) -> {
                metrics.late(id);
                store.put(storedKey, next);
            }
            case SeriesWindows.Outcome.Repeated() -> metrics.repeatedReadings.increment();
        }
    }

    private boolean hasRoom() {
        if (series >= parts.windowing().maxSeries()) {
            parts.metrics().uncountedReadings.increment();
            return false;
        }
        series++;
        if (series == parts.windowing().maxSeries()) {
            LOGGER.atWarn()
                    .addKeyValue("maxSeries", parts.windowing().maxSeries())
                    .addKeyValue("task", context().taskId())
                    .log(
                            "no further regions or sensors are counted: fleuve.alerts.windows.max-series");
        }
        return true;
    }

    private void refreshAggregations() {
        try {
            long now = parts.windowing().inUse().version();
            if (now != version) {
                aggregations = parts.windowing().aggregations();
                version = now;
                forgetUnused();
            }
        } catch (RuntimeException e) {
            LOGGER.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log("which windows rules ask for is not known now; those known go on");
        }
    }

    private void forgetUnused() {
        List<String> unused = new ArrayList<>();
        try (KeyValueIterator<String, SeriesWindows> all = store.all()) {
            while (all.hasNext()) {
                String key = all.next().key;
                if (!aggregations.containsKey(SeriesKey.of(key).aggregation())) {
                    unused.add(key);
                }
            }
        }
        unused.forEach(
                key -> {
                    store.delete(key);
                    lastArrivalMs.remove(key);
                    series--;
                });
    }

    private void closeIdleSeries(long nowMs) {
        // Collected first: a store is not written to under its own iterator.
        List<KeyValue<String, SeriesWindows>> idle = new ArrayList<>();
        try (KeyValueIterator<String, SeriesWindows> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<String, SeriesWindows> entry = all.next();
                long silentSinceMs = lastArrivalMs.getOrDefault(entry.key, startedMs);
                if (nowMs - silentSinceMs >= parts.windowing().idleAfter().toMillis()) {
                    idle.add(entry);
                }
            }
        }
        for (KeyValue<String, SeriesWindows> entry : idle) {
            SeriesKey key = SeriesKey.of(entry.key);
            Aggregation aggregation = aggregations.get(key.aggregation());
            if (aggregation == null) {
                continue;
            }
            SeriesWindows.IdleClose result = entry.value.closeIdle(nowMs, aggregation);
            if (!result.closed().isEmpty()) {
                publish(key, result.closed(), parts.metrics().windowsClosedByIdleness);
                store.put(entry.key, result.next());
            }
        }
    }

    private void publish(SeriesKey key, List<Window> windows, Counter counter) {
        for (Window window : windows) {
            context()
                    .forward(
                            new Record<>(
                                    key.region().getBytes(StandardCharsets.UTF_8),
                                    codec.encode(
                                            window.toResult(
                                                    key.aggregation(), key.region(), key.sensor())),
                                    window.startMs()));
            counter.increment();
        }
    }

    private Duration idleCheckInterval() {
        long quarterMs = parts.windowing().idleAfter().toMillis() / 4;
        return Duration.ofMillis(Math.clamp(quarterMs, 50, 5_000));
    }
}
