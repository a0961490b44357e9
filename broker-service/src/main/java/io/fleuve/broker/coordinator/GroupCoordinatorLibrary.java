package io.fleuve.broker.coordinator;

import com.yammer.metrics.core.MetricsRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorRuntimeMetrics;
import org.apache.kafka.server.share.persister.NoOpStatePersister;
import org.apache.kafka.server.util.PartitionMetadataClient;
import org.apache.kafka.server.util.timer.SystemTimer;
import org.apache.kafka.server.util.timer.SystemTimerReaper;

/** Puts the library's service together. */
final class GroupCoordinatorLibrary {

    private GroupCoordinatorLibrary() {}

    static GroupCoordinator build(
            int brokerId,
            GroupCoordinatorSettings settings,
            PartitionWriter writer,
            CoordinatorLoader<CoordinatorRecord> loader,
            Metrics metrics) {
        LibraryConfigs configs = LibraryConfigs.of(settings);
        return new GroupCoordinatorService.Builder(brokerId, configs.groups())
                .withWriter(writer)
                .withLoader(loader)
                .withTime(Time.SYSTEM)
                // Closed by the service's shutdown.
                .withTimer(
                        new SystemTimerReaper(
                                "group-coordinator-reaper-" + brokerId,
                                new SystemTimer("group-coordinator-" + brokerId)))
                .withCoordinatorRuntimeMetrics(new GroupCoordinatorRuntimeMetrics(metrics))
                .withGroupCoordinatorMetrics(
                        new GroupCoordinatorMetrics(new MetricsRegistry(), metrics))
                .withGroupConfigManager(
                        new GroupConfigManager(
                                configs.groupDefaults(), configs.groups(), configs.share()))
                .withPersister(new NoOpStatePersister())
                .withAuthorizerPlugin(Optional.empty())
                .withPartitionMetadataClient(new NoShareGroups())
                .build();
    }

    /** Only describing share groups asks for the ends of data logs, and these are not served. */
    private static final class NoShareGroups implements PartitionMetadataClient {

        @Override
        public Map<TopicPartition, CompletableFuture<OffsetResponse>> listLatestOffsets(
                Set<TopicPartition> partitions) {
            return partitions.stream()
                    .collect(
                            Collectors.toMap(
                                    Function.identity(),
                                    partition ->
                                            CompletableFuture.failedFuture(
                                                    new UnsupportedVersionException(
                                                            "share groups are not served"))));
        }

        @Override
        public void close() {}
    }
}
