package io.fleuve.alerts.streams;

import io.fleuve.alerts.readings.RejectionReason;
import io.fleuve.alerts.windows.Aggregation;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** What the topology counts; every series exists from the start, at zero. */
final class StreamMetrics {

    final Counter directReadings;
    final Counter forwardedReadings;
    final Counter repeatedReadings;
    final Counter uncountedReadings;
    final Counter windowsRevised;
    final Counter windowsClosedByEventTime;
    final Counter windowsClosedByIdleness;
    private final MeterRegistry registry;
    private final Map<RejectionReason, Counter> deadLetters = new EnumMap<>(RejectionReason.class);

    StreamMetrics(MeterRegistry registry) {
        directReadings = decoded(registry, "direct");
        forwardedReadings = decoded(registry, "forwarded");
        this.registry = registry;
        late(Aggregation.DEFAULT_ID, 0);
        uncountedReadings =
                Counter.builder("fleuve.alerts.readings.uncounted")
                        .description("Readings left out because there are too many series")
                        .register(registry);
        windowsRevised =
                Counter.builder("fleuve.alerts.windows.revised")
                        .description("Windows published again because of late readings")
                        .register(registry);
        repeatedReadings =
                Counter.builder("fleuve.alerts.readings.repeated")
                        .description("Readings left out because they were counted before a crash")
                        .register(registry);
        windowsClosedByEventTime = closed(registry, "event-time");
        windowsClosedByIdleness = closed(registry, "idle");
        for (RejectionReason reason : RejectionReason.values()) {
            deadLetters.put(
                    reason,
                    Counter.builder("fleuve.alerts.dead.letters")
                            .description("Records that were no usable reading")
                            .tag("reason", reason.code())
                            .register(registry));
        }
    }

    void deadLetter(RejectionReason reason) {
        Counter counter = deadLetters.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    /** A reading came after a window of that aggregation had closed. */
    void late(String aggregation) {
        late(aggregation, 1);
    }

    private void late(String aggregation, int readings) {
        Counter.builder("fleuve.alerts.readings.late")
                .description("Readings whose window had closed, by aggregation")
                .tag("aggregation", aggregation)
                .register(registry)
                .increment(readings);
    }

    private static Counter decoded(MeterRegistry registry, String path) {
        return Counter.builder("fleuve.alerts.readings.decoded")
                .description("Readings decoded, by the way they take to their windows")
                .tag("path", path)
                .register(registry);
    }

    private static Counter closed(MeterRegistry registry, String cause) {
        return Counter.builder("fleuve.alerts.windows.closed")
                .description("Windows closed and published, by what closed them")
                .tag("cause", cause)
                .register(registry);
    }
}
