package io.fleuve.broker.upkeep;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** What upkeep counts and times. */
final class UpkeepMetrics {

    final Timer merge;
    final Timer compaction;
    final Counter mergedPieces;
    final Counter writtenPieces;
    final Counter writtenBytes;
    final Counter compactedBytes;
    final Counter conflicts;
    final Counter trimmedLogs;
    final Counter deletedObjects;
    final Counter orphans;
    final Counter expiredProducers;
    final Counter failures;

    UpkeepMetrics(MeterRegistry registry) {
        merge =
                Timer.builder("fleuve.upkeep.merge")
                        .description("Time to rewrite the small pieces of one object")
                        .register(registry);
        compaction =
                Timer.builder("fleuve.upkeep.compaction")
                        .description("Time to compact one log")
                        .register(registry);
        mergedPieces =
                counter(registry, "merged.pieces", "Pieces that were replaced by larger ones");
        writtenPieces = counter(registry, "written.pieces", "Pieces that were written");
        writtenBytes = counter(registry, "written.bytes", "Bytes that were written");
        compactedBytes = counter(registry, "compacted.bytes", "Bytes that compaction has removed");
        conflicts = counter(registry, "conflicts", "Logs that somebody else changed meanwhile");
        trimmedLogs = counter(registry, "trimmed.logs", "Logs whose oldest pieces were removed");
        deletedObjects = counter(registry, "deleted.objects", "Objects that were deleted");
        orphans = counter(registry, "orphans", "Objects found in the store that nobody knew");
        expiredProducers =
                counter(registry, "expired.producers", "Idle producers that were forgotten");
        failures = counter(registry, "failures", "Rounds of upkeep that broke off");
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder("fleuve.upkeep." + name).description(description).register(registry);
    }
}
