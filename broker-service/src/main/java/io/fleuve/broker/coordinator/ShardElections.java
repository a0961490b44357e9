package io.fleuve.broker.coordinator;

import io.fleuve.broker.log.AppendResult;
import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.metadata.TopicImage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops the library's shards as leadership of {@code __consumer_offsets} comes and goes.
 * All of it happens on one thread of its own.
 *
 * <p>A new epoch always means a new state machine, even when this broker led before: another one
 * may have written in between. A shard whose last append was fenced, or whose outcome is unknown,
 * gives up its state machine at once and gets a new one when it is clear what the log holds.
 */
final class ShardElections implements WriteFailures, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(ShardElections.class);
    private static final long RETRY_MS = 1_000;
    private static final long CLOSE_TIMEOUT_SECONDS = 10;

    private final ClusterMetadata metadata;
    private final ShardTenures tenures;
    private final MetadataImages images = new MetadataImages();
    private final AtomicReference<@Nullable ClusterImage> latest = new AtomicReference<>();
    private final ScheduledThreadPoolExecutor thread;

    /** Tenures that must not begin again before it is known what they have written. */
    private final Map<Integer, Tenure> suspended = new HashMap<>();

    private @Nullable GroupCoordinator coordinator;
    private int shards;

    ShardElections(ClusterMetadata metadata, ShardTenures tenures) {
        this.metadata = metadata;
        this.tenures = tenures;
        this.thread =
                new ScheduledThreadPoolExecutor(
                        1,
                        Thread.ofPlatform()
                                .daemon()
                                .name("group-coordinator-elections-" + metadata.brokerId())
                                .factory());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Follows the cluster's images.
     *
     * @param onTopic called once, with the offsets topic, as soon as there is one; the coordinator
     *     must be running afterwards
     */
    void follow(GroupCoordinator coordinator, Consumer<TopicImage> onTopic) {
        execute(() -> this.coordinator = coordinator);
        metadata.onChange(
                image -> {
                    // Only the newest image counts; a burst of changes costs one round.
                    if (latest.getAndSet(image) == null) {
                        execute(() -> applyLatest(onTopic));
                    }
                });
    }

    private void applyLatest(Consumer<TopicImage> onTopic) {
        ClusterImage image = latest.getAndSet(null);
        if (image == null) {
            return;
        }
        Optional<TopicImage> topic = OffsetsTopic.find(image);
        if (shards == 0) {
            if (topic.isEmpty()) {
                return;
            }
            onTopic.accept(topic.get());
            shards = topic.get().partitions().size();
            publish(image);
            reconcile(image);
        } else {
            // Elections first: a topic's deletion waits for all shards to write.
            reconcile(image);
            publish(image);
        }
    }

    private void publish(ClusterImage image) {
        images.next(image)
                .ifPresent(update -> library().onMetadataUpdate(update.delta(), update.image()));
    }

    private void reconcile(ClusterImage image) {
        Optional<TopicImage> topic = OffsetsTopic.find(image);
        if (topic.isPresent() && topic.get().partitions().size() != shards) {
            LOGGER.atError()
                    .addKeyValue("topic", OffsetsTopic.NAME)
                    .addKeyValue("expected", shards)
                    .addKeyValue("actual", topic.get().partitions().size())
                    .log("partition count of the offsets topic changed, restart all brokers");
        }
        for (int shard = 0; shard < shards; shard++) {
            int index = shard;
            Optional<Tenure> wanted =
                    topic.flatMap(t -> t.partition(index))
                            .filter(partition -> partition.leaderId() == metadata.brokerId())
                            .map(ShardElections::tenureOf)
                            .filter(tenure -> !tenure.equals(suspended.get(index)));
            change(index, wanted);
        }
    }

    private static Tenure tenureOf(PartitionImage partition) {
        return new Tenure(partition.index(), partition.logId(), partition.leaderEpoch());
    }

    private void change(int shard, Optional<Tenure> wanted) {
        Optional<Tenure> current = tenures.current(shard);
        if (current.equals(wanted)) {
            return;
        }
        current.ifPresent(this::resign);
        wanted.ifPresent(
                tenure -> {
                    LOGGER.atInfo()
                            .addKeyValue("shard", shard)
                            .addKeyValue("leaderEpoch", tenure.leaderEpoch())
                            .log("elected as coordinator of a group shard");
                    suspended.remove(shard);
                    tenures.elect(tenure);
                    library().onElection(shard, tenure.leaderEpoch());
                });
    }

    private void resign(Tenure tenure) {
        if (tenures.end(tenure)) {
            unload(tenure);
        }
    }

    private void unload(Tenure tenure) {
        LOGGER.atInfo()
                .addKeyValue("shard", tenure.shard())
                .addKeyValue("leaderEpoch", tenure.leaderEpoch())
                .log("resigned as coordinator of a group shard");
        // Without an epoch the state machine goes in any case.
        library().onResignation(tenure.shard(), OptionalInt.empty());
    }

    /**
     * Gives the shard up and looks who has it. Should it still be this broker's, at the same epoch,
     * it is loaded anew a little later.
     */
    @Override
    public void onFenced(Tenure tenure) {
        loadLater(tenure);
    }

    /**
     * Gives up a shard that could not be loaded: the library never tries again by itself. Should it
     * still be this broker's, it is loaded anew a little later.
     */
    void onLoadFailed(Tenure tenure) {
        LOGGER.atWarn()
                .addKeyValue("shard", tenure.shard())
                .addKeyValue("leaderEpoch", tenure.leaderEpoch())
                .log("a group shard could not be loaded, it will be tried again");
        loadLater(tenure);
    }

    private void loadLater(Tenure tenure) {
        if (!tenures.end(tenure)) {
            return;
        }
        execute(
                () -> {
                    suspended.put(tenure.shard(), tenure);
                    unload(tenure);
                    refresh();
                    resumeAfter(RETRY_MS, tenure);
                });
    }

    /** Gives the shard up until the append's outcome is known, then loads it anew. */
    @Override
    public void onInDoubt(Tenure tenure, CompletableFuture<AppendResult> outcome) {
        if (!tenures.end(tenure)) {
            return;
        }
        execute(
                () -> {
                    LOGGER.atWarn()
                            .addKeyValue("shard", tenure.shard())
                            .addKeyValue("leaderEpoch", tenure.leaderEpoch())
                            .log("outcome of an append is unknown, the shard will be loaded anew");
                    suspended.put(tenure.shard(), tenure);
                    unload(tenure);
                    CompletableFuture<AppendResult> _ =
                            outcome.whenComplete((result, error) -> execute(() -> resume(tenure)));
                });
    }

    private void resumeAfter(long delayMs, Tenure tenure) {
        try {
            ScheduledFuture<?> _ =
                    thread.schedule(guarded(() -> resume(tenure)), delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOGGER.atDebug().addKeyValue("shard", tenure.shard()).log("not resumed: closed");
        }
    }

    private void resume(Tenure tenure) {
        if (suspended.remove(tenure.shard(), tenure)) {
            reconcile(metadata.current());
        }
    }

    private void refresh() {
        try {
            metadata.refresh();
        } catch (MetadataUnavailableException e) {
            LOGGER.atDebug().setCause(e).log("metadata not refreshed after a shard was given up");
        }
    }

    private GroupCoordinator library() {
        if (coordinator == null) {
            throw new IllegalStateException("elections before the coordinator was set");
        }
        return coordinator;
    }

    private void execute(Runnable task) {
        try {
            thread.execute(guarded(task));
        } catch (RejectedExecutionException e) {
            LOGGER.atDebug().log("elections are closed, a change was ignored");
        }
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOGGER.atError().setCause(e).log("election of group shards failed");
            }
        };
    }

    /** Takes no more changes and waits for the one under way. */
    @Override
    public void close() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            LOGGER.atWarn()
                    .addKeyValue("seconds", CLOSE_TIMEOUT_SECONDS)
                    .log("an election of group shards still runs after closing");
        }
    }
}
