package io.fleuve.broker.upkeep;

import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.metadata.TopicImage;
import java.time.Clock;
import java.util.OptionalLong;

/**
 * Lets logs start later where their topics do not keep old records, and removes the pieces before
 * the start.
 *
 * <p>What goes is whole pieces, oldest first: a piece whose latest record is older than {@code
 * retention.ms}, or without which the log still has {@code retention.bytes}.
 */
final class Retention {

    private static final int PIECES_AT_ONCE = 1_000;
    private static final int LOGS_AT_ONCE = 100;

    private final PieceCatalog catalog;
    private final UpkeepMetrics metrics;
    private final Clock clock;

    Retention(PieceCatalog catalog, UpkeepMetrics metrics, Clock clock) {
        this.catalog = catalog;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Applies a topic's policy to all of its logs. */
    void apply(TopicImage topic, LogPolicy policy) throws InterruptedException {
        if (!policy.delete()
                || (policy.retentionMs().isEmpty() && policy.retentionBytes().isEmpty())) {
            return;
        }
        OptionalLong oldestMs =
                policy.retentionMs().isPresent()
                        ? OptionalLong.of(clock.millis() - policy.retentionMs().getAsLong())
                        : OptionalLong.empty();
        for (PartitionImage partition : topic.partitions()) {
            long logId = partition.logId();
            while (catalog.retain(logId, oldestMs, policy.retentionBytes(), PIECES_AT_ONCE)) {
                trim(logId);
            }
        }
    }

    /** Removes pieces before the starts of logs, and those of deleted topics. */
    void trimAll() throws InterruptedException {
        for (long logId : catalog.logsToTrim(LOGS_AT_ONCE)) {
            trim(logId);
        }
    }

    private void trim(long logId) throws InterruptedException {
        while (catalog.trim(logId, PIECES_AT_ONCE)) {
            Upkeep.checkInterrupt();
        }
        metrics.trimmedLogs.increment();
    }
}
