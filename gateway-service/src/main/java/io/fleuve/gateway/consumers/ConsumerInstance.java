package io.fleuve.gateway.consumers;

import io.fleuve.gateway.errors.RestException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka consumer that this gateway runs for clients of HTTP. One request at a time uses it,
 * others wait for a bounded time; while nobody reads, {@link #takePart} keeps it a member of its
 * group.
 */
public final class ConsumerInstance {

    private static final Logger LOGGER = LoggerFactory.getLogger(ConsumerInstance.class);
    // Between two of them other requests get their turn while one waits for records.
    private static final Duration SLICE = Duration.ofMillis(100);
    private static final Duration PARTICIPATION = Duration.ofMillis(20);

    private final InstanceId id;
    private final String uid;
    private final InstanceConfig config;
    private final ConsumerLimits limits;
    private final Clock clock;
    private final Supplier<Consumer<byte[], byte[]>> factory;
    private final BooleanSupplier stillOwned;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final ReentrantLock reading = new ReentrantLock(true);
    private final ReentrantLock changing = new ReentrantLock(true);
    private final DeliveryBuffer buffer = new DeliveryBuffer();
    private final Positions positions;
    private Consumer<byte[], byte[]> consumer;
    private Interest interest = new Interest.None();
    private @Nullable RebalanceListener rebalances;
    private boolean closed;
    private boolean replaced;
    private volatile long lastUsedMs;
    private volatile long lastPolledMs;
    private long lastCommitMs;

    /** Why a consumer is closed. */
    enum Farewell {
        /** It leaves its group, and everything that it has delivered is settled. */
        LEAVE,
        /** Its place in the group stays for the next owner. */
        REMAIN,
        /** Somebody has its place already: nothing may be committed any more. */
        REPLACED
    }

    /**
     * @param factory opens a Kafka consumer for the description
     * @param stillOwned whether this gateway owns the instance as far as it knows
     * @throws org.apache.kafka.common.config.ConfigException if no consumer can be configured so
     */
    ConsumerInstance(
            InstanceDescription description,
            ConsumerLimits limits,
            Clock clock,
            Supplier<Consumer<byte[], byte[]>> factory,
            BooleanSupplier stillOwned) {
        this.id = description.id();
        this.uid = description.uid();
        this.config = description.config();
        this.limits = limits;
        this.clock = clock;
        this.factory = factory;
        this.stillOwned = stillOwned;
        this.positions = new Positions(buffer, limits.apiTimeout());
        this.consumer = factory.get();
        this.lastUsedMs = clock.millis();
        this.lastCommitMs = clock.millis();
        apply(description.interest());
    }

    public InstanceId id() {
        return id;
    }

    public InstanceConfig config() {
        return config;
    }

    String uid() {
        return uid;
    }

    long lastUsedMs() {
        return lastUsedMs;
    }

    // ---- reading

    /**
     * Records, in order within each partition. Waits until {@code minBytes} of keys and values have
     * come, {@code maxBytes} are reached, or the time is over. The first record is given whatever
     * its size, since nothing could follow it otherwise.
     *
     * @param minBytes -1 to wait until the time is over in any case
     * @throws RestException 409 if it reads nothing, or while another request reads for longer than
     *     this one may wait
     */
    public List<ConsumerRecord<byte[], byte[]>> read(
            Duration timeout, long maxBytes, int minBytes) {
        acquire(reading, timeout.plus(limits.apiTimeout()));
        try {
            exclusively(
                    () -> {
                        if (interest instanceof Interest.None) {
                            throw InstanceErrors.illegalState(
                                    "Consumer is not subscribed to any topics or assigned any"
                                            + " partitions");
                        }
                        buffer.confirm();
                        commitIfDue();
                    });
            DeliveryRun run = new DeliveryRun(maxBytes, minBytes);
            long deadline = System.nanoTime() + timeout.toNanos();
            boolean last;
            do {
                long left = deadline - System.nanoTime();
                last = left <= 0;
                fill(run, Duration.ofNanos(Math.max(0, left)));
            } while (!run.isComplete() && !last);
            return run.records();
        } finally {
            lastUsedMs = clock.millis();
            reading.unlock();
        }
    }

    private void fill(DeliveryRun run, Duration left) {
        try {
            exclusively(
                    () -> {
                        run.take(buffer);
                        if (!run.isComplete()) {
                            poll(left.compareTo(SLICE) < 0 ? left : SLICE);
                            run.take(buffer);
                        }
                        positions.learnUnknown(consumer);
                    });
        } catch (KafkaException | RestException e) {
            // What was taken is delivered; the failure will be met again by the next request.
            if (run.records().isEmpty()) {
                throw e;
            }
            run.end();
        }
    }

    private void poll(Duration wait) {
        buffer.add(consumer.poll(wait));
        lastPolledMs = clock.millis();
    }

    // ---- what to read

    /** Runs changes of what is read one after another, each with what belongs to it. */
    void change(Runnable change) {
        acquire(changing, limits.apiTimeout());
        try {
            change.run();
        } finally {
            changing.unlock();
        }
    }

    /** Subscribes, assigns or, with {@link Interest.None}, leaves the group. */
    void follow(Interest next) {
        exclusively(
                () -> {
                    settle();
                    apply(next);
                });
    }

    private void apply(Interest next) {
        switch (next) {
            case Interest.Topics(List<String> names) when names.isEmpty() -> leave();
            case Interest.Partitions(List<TopicPartition> none) when none.isEmpty() -> leave();
            case Interest.None() -> leave();
            case Interest.Topics(List<String> names) -> {
                consumer.subscribe(names, rebalances());
                interest = next;
            }
            case Interest.Matching(String regex) -> {
                consumer.subscribe(Pattern.compile(regex), rebalances());
                interest = next;
            }
            case Interest.Partitions(List<TopicPartition> partitions) -> {
                consumer.assign(partitions);
                buffer.retain(partitions);
                interest = next;
            }
        }
    }

    private RebalanceListener rebalances() {
        RebalanceListener next = new RebalanceListener(consumer, buffer, this::settle);
        rebalances = next;
        return next;
    }

    // Unsubscribing would leave the place in the group to time out, as the place of a static member
    // does: closing frees its partitions for others at once.
    private void leave() {
        if (interest instanceof Interest.None) {
            return;
        }
        interest = new Interest.None();
        buffer.retain(List.of());
        close(consumer, GroupMembershipOperation.LEAVE_GROUP);
        rebalances = null;
        consumer = factory.get();
    }

    /** The topics subscribed to; for a pattern those that match at present. */
    public List<String> subscription() {
        return ask(() -> consumer.subscription().stream().sorted().toList());
    }

    /** The partitions that this consumer reads at present. */
    public List<TopicPartition> assignment() {
        return ask(
                () ->
                        consumer.assignment().stream()
                                .sorted(
                                        Comparator.comparing(TopicPartition::topic)
                                                .thenComparing(TopicPartition::partition))
                                .toList());
    }

    // ---- offsets

    /** Commits all that was delivered; refused while the group rebalances, when that is nothing. */
    public void commitDelivered() {
        exclusively(
                () -> {
                    RebalanceListener current = rebalances;
                    if (current != null && current.isBetween()) {
                        throw InstanceErrors.rebalancing();
                    }
                    commit(buffer.delivered());
                });
    }

    /** Commits these offsets, each the next to read. */
    public void commitOffsets(Map<TopicPartition, OffsetAndMetadata> offsets) {
        exclusively(
                () -> {
                    commit(offsets);
                });
    }

    private void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (!offsets.isEmpty()) {
            consumer.commitSync(offsets, limits.apiTimeout());
            buffer.committed(offsets);
        }
    }

    /** What the group has committed; partitions without a commit are absent. */
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        return ask(
                () -> {
                    Map<TopicPartition, OffsetAndMetadata> found =
                            new HashMap<>(consumer.committed(partitions, limits.apiTimeout()));
                    found.values().removeIf(Objects::isNull);
                    return found;
                });
    }

    /** Goes on at these offsets. */
    public void seek(Map<TopicPartition, OffsetAndMetadata> offsets) {
        exclusively(() -> positions.seek(consumer, offsets));
    }

    /** Goes on at the first records that are not older; at the end where all are older. */
    public void seekToTimes(Map<TopicPartition, Long> timestampsMs) {
        exclusively(() -> positions.seekToTimes(consumer, timestampsMs));
    }

    /** Goes on at the beginning of each of these partitions, or of all if none is named. */
    public void seekToBeginning(Collection<TopicPartition> partitions) {
        exclusively(() -> positions.seekToBeginning(consumer, partitions));
    }

    /** Goes on at the end of each of these partitions, or of all if none is named. */
    public void seekToEnd(Collection<TopicPartition> partitions) {
        exclusively(() -> positions.seekToEnd(consumer, partitions));
    }

    // ---- life in the group

    /**
     * Takes part in the group's life if nobody has read for a while: a rebalance waits for all
     * members, and a slow client of one must not hold up the others. Nothing new is fetched.
     *
     * @throws NoLongerOwnerException if another consumer has this one's place in the group
     */
    void takePart() {
        if (!lock.tryLock()) {
            return;
        }
        try {
            long idleMs = clock.millis() - lastPolledMs;
            if (closed
                    || interest instanceof Interest.None
                    || idleMs < limits.backgroundPollInterval().toMillis()) {
                return;
            }
            Set<TopicPartition> paused = new HashSet<>(consumer.assignment());
            consumer.pause(paused);
            try {
                poll(PARTICIPATION);
            } finally {
                paused.retainAll(consumer.assignment());
                consumer.resume(paused);
            }
            commitIfDue();
        } catch (FencedInstanceIdException e) {
            throw new NoLongerOwnerException(id);
        } catch (KafkaException e) {
            LOGGER.atDebug()
                    .setCause(e)
                    .addKeyValue("group", id.group())
                    .addKeyValue("instance", id.name())
                    .log("a consumer could not take part in its group; its client will be told");
        } finally {
            lock.unlock();
        }
    }

    private void commitIfDue() {
        if (!config.autoCommit()
                || clock.millis() - lastCommitMs < limits.autoCommitInterval().toMillis()) {
            return;
        }
        lastCommitMs = clock.millis();
        Map<TopicPartition, OffsetAndMetadata> offsets = buffer.uncommitted();
        if (!offsets.isEmpty()) {
            consumer.commitAsync(
                    offsets,
                    (done, failure) -> {
                        if (failure == null) {
                            buffer.committed(done);
                        }
                    });
        }
    }

    // Before partitions go: what the client surely has is committed, if that is wanted.
    private void settle() {
        if (!config.autoCommit() || replaced) {
            return;
        }
        try {
            commit(buffer.uncommitted());
        } catch (CommitFailedException | FencedInstanceIdException | RetriableException e) {
            LOGGER.atInfo()
                    .addKeyValue("group", id.group())
                    .addKeyValue("instance", id.name())
                    .addKeyValue("reason", e.getMessage())
                    .log("positions could not be committed; records since will come again");
        }
    }

    /** The client has all that was delivered: it says so by being done. */
    void confirmDelivered() {
        exclusively(
                () -> {
                    buffer.confirm();
                });
    }

    /** Closes the consumer. Does nothing the second time, but waits until the first is done. */
    void close(Farewell farewell) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            replaced = farewell == Farewell.REPLACED;
            if (!replaced) {
                try {
                    settle();
                } catch (KafkaException e) {
                    LOGGER.atWarn()
                            .setCause(e)
                            .addKeyValue("group", id.group())
                            .addKeyValue("instance", id.name())
                            .log("the last positions of a consumer could not be committed");
                }
            }
            close(
                    consumer,
                    farewell == Farewell.LEAVE
                            ? GroupMembershipOperation.LEAVE_GROUP
                            : GroupMembershipOperation.REMAIN_IN_GROUP);
        } finally {
            lock.unlock();
        }
    }

    private void close(Consumer<byte[], byte[]> old, GroupMembershipOperation operation) {
        try {
            old.close(
                    CloseOptions.timeout(limits.apiTimeout())
                            .withGroupMembershipOperation(operation));
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            LOGGER.atDebug()
                    .setCause(e)
                    .addKeyValue("group", id.group())
                    .addKeyValue("instance", id.name())
                    .log("a consumer was closed with an error");
        }
    }

    // ---- one at a time

    private void exclusively(Runnable operation) {
        ask(
                () -> {
                    operation.run();
                    return true;
                });
    }

    private <T> T ask(Supplier<T> operation) {
        acquire(lock, limits.apiTimeout());
        try {
            if (closed || !stillOwned.getAsBoolean()) {
                throw new NoLongerOwnerException(id);
            }
            lastUsedMs = clock.millis();
            return operation.get();
        } catch (FencedInstanceIdException e) {
            throw new NoLongerOwnerException(id);
        } catch (IllegalStateException | CommitFailedException | InvalidOffsetException e) {
            // Kafka's client says in plain words what its state does not allow.
            throw InstanceErrors.illegalState(e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    private static void acquire(ReentrantLock lock, Duration within) {
        try {
            if (!lock.tryLock(within.toMillis(), TimeUnit.MILLISECONDS)) {
                throw InstanceErrors.busy();
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
