package io.fleuve.gateway.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Deletes consumer groups, and moves where they read on. */
public final class GroupAdmin {

    private static final Comparator<TopicPartition> BY_NAME =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    private final ClusterAdmin cluster;

    public GroupAdmin(ClusterAdmin cluster) {
        this.cluster = cluster;
    }

    /**
     * What a reset does to one partition.
     *
     * @param oldOffset the committed offset, or null if there is none
     * @param newOffset from {@code begin} to {@code end}
     * @param clamped whether the offset that was asked for is outside of that range
     * @param begin the first offset that the partition holds
     * @param end the end as a read_committed consumer sees it
     */
    public record OffsetChange(
            TopicPartition partition,
            @Nullable Long oldOffset,
            long newOffset,
            boolean clamped,
            long begin,
            long end) {}

    /** A partition whose offset cannot be shifted, since none is committed. */
    public static final class NothingToShiftException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String reason;

        NothingToShiftException(TopicPartition partition) {
            this(
                    "The group has no committed offset for partition %d of topic %s to be shifted from."
                            .formatted(partition.partition(), partition.topic()));
        }

        private NothingToShiftException(String reason) {
            super(reason);
            this.reason = reason;
        }

        /** What is missing, in a sentence. */
        public String reason() {
            return reason;
        }
    }

    /**
     * Deletes a group with all that it has committed.
     *
     * @throws GroupIdNotFoundException if there is no such group
     * @throws GroupNotEmptyException if it has members
     */
    public void delete(String group) {
        requireEmpty(group);
        cluster.await(cluster.client().deleteConsumerGroups(List.of(group)).all());
    }

    /** What a group has committed, by topic and partition. */
    public Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        require(group);
        Map<TopicPartition, OffsetAndMetadata> sorted = new TreeMap<>(BY_NAME);
        sorted.putAll(cluster.committedOffsets(group));
        return sorted;
    }

    /**
     * What moving a group to a target changes, without changing it.
     *
     * @param scope topics, each with some of its partitions, or all of them if the collection is
     *     empty; without any topic, it is every partition that the group has committed
     * @throws GroupIdNotFoundException if there is no such group
     * @throws GroupNotEmptyException if it has members, which would commit over a reset
     * @throws UnknownTopicOrPartitionException if the scope names what does not exist
     * @throws NothingToShiftException if a partition has no offset to be shifted
     */
    public List<OffsetChange> plan(
            String group, Map<String, ? extends Collection<Integer>> scope, OffsetTarget target) {
        requireEmpty(group);
        Map<TopicPartition, OffsetAndMetadata> committed = cluster.committedOffsets(group);
        List<TopicPartition> partitions =
                scope.isEmpty() ? existing(committed.keySet()) : named(scope);
        Map<TopicPartition, Long> begins = offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        Function<TopicPartition, Long> wanted = wanted(target, partitions, committed, begins, ends);
        List<OffsetChange> changes = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            long begin = valueOf(begins, partition);
            // Answers of two moments: what was deleted in between must not turn the range round.
            long end = Math.max(begin, valueOf(ends, partition));
            long asked = wanted.apply(partition);
            long offset = Math.clamp(asked, begin, end);
            OffsetAndMetadata old = committed.get(partition);
            changes.add(
                    new OffsetChange(
                            partition,
                            old == null ? null : old.offset(),
                            offset,
                            asked != offset,
                            begin,
                            end));
        }
        return changes;
    }

    /**
     * Commits a plan.
     *
     * @throws GroupNotEmptyException if a member has joined since
     */
    public void apply(String group, List<OffsetChange> changes) {
        if (changes.isEmpty()) {
            return;
        }
        try {
            cluster.await(
                    cluster.client()
                            .alterConsumerGroupOffsets(
                                    group,
                                    changes.stream()
                                            .collect(
                                                    Collectors.toMap(
                                                            OffsetChange::partition,
                                                            change ->
                                                                    new OffsetAndMetadata(
                                                                            change.newOffset()))))
                            .all());
        } catch (UnknownMemberIdException e) {
            throw notEmpty(group);
        }
    }

    private ConsumerGroupDescription require(String group) {
        return cluster.describeConsumerGroup(group)
                .orElseThrow(
                        () ->
                                new GroupIdNotFoundException(
                                        "Consumer Group " + group + " could not be found."));
    }

    private void requireEmpty(String group) {
        if (!require(group).members().isEmpty()) {
            throw notEmpty(group);
        }
    }

    private static GroupNotEmptyException notEmpty(String group) {
        return new GroupNotEmptyException(
                "Consumer Group %s has live members. Stop them first, then try again."
                        .formatted(group));
    }

    private Function<TopicPartition, Long> wanted(
            OffsetTarget target,
            List<TopicPartition> partitions,
            Map<TopicPartition, OffsetAndMetadata> committed,
            Map<TopicPartition, Long> begins,
            Map<TopicPartition, Long> ends) {
        return switch (target) {
            case OffsetTarget.Earliest() -> partition -> valueOf(begins, partition);
            case OffsetTarget.Latest() -> partition -> valueOf(ends, partition);
            case OffsetTarget.At(long offset) -> _ -> offset;
            case OffsetTarget.Since(long timestampMs) -> {
                Map<TopicPartition, Long> found =
                        offsets(partitions, OffsetSpec.forTimestamp(timestampMs));
                yield partition -> {
                    long offset = valueOf(found, partition);
                    return offset < 0 ? valueOf(ends, partition) : offset;
                };
            }
            case OffsetTarget.ShiftBy(long records) ->
                    partition -> {
                        OffsetAndMetadata old = committed.get(partition);
                        if (old == null) {
                            throw new NothingToShiftException(partition);
                        }
                        return saturatedSum(old.offset(), records);
                    };
        };
    }

    private static long saturatedSum(long offset, long records) {
        long sum = offset + records;
        // An overflow has the sign that neither of the two has.
        return ((offset ^ sum) & (records ^ sum)) < 0
                ? (records < 0 ? Long.MIN_VALUE : Long.MAX_VALUE)
                : sum;
    }

    private static long valueOf(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        return Objects.requireNonNull(offsets.get(partition));
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec) {
        ListOffsetsResult result =
                cluster.client()
                        .listOffsets(
                                partitions.stream().collect(Collectors.toMap(p -> p, _ -> spec)),
                                new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
        return partitions.stream()
                .collect(
                        Collectors.toMap(
                                p -> p, p -> cluster.await(result.partitionResult(p)).offset()));
    }

    private List<TopicPartition> named(Map<String, ? extends Collection<Integer>> scope) {
        Map<String, Integer> counts = partitionCounts(scope.keySet());
        TreeSet<TopicPartition> partitions = new TreeSet<>(BY_NAME);
        scope.forEach(
                (topic, numbers) -> {
                    Integer count = counts.get(topic);
                    if (count == null) {
                        throw new UnknownTopicOrPartitionException(
                                "There is no topic " + topic + ".");
                    }
                    if (numbers.isEmpty()) {
                        for (int number = 0; number < count; number++) {
                            partitions.add(new TopicPartition(topic, number));
                        }
                    }
                    for (int number : numbers) {
                        if (number < 0 || number >= count) {
                            throw new UnknownTopicOrPartitionException(
                                    "Topic %s has no partition %d.".formatted(topic, number));
                        }
                        partitions.add(new TopicPartition(topic, number));
                    }
                });
        return List.copyOf(partitions);
    }

    // Commits outlive the topics that they were made for.
    private List<TopicPartition> existing(Collection<TopicPartition> committed) {
        Map<String, Integer> counts =
                partitionCounts(
                        committed.stream().map(TopicPartition::topic).collect(Collectors.toSet()));
        return committed.stream()
                .filter(p -> p.partition() < counts.getOrDefault(p.topic(), 0))
                .sorted(BY_NAME)
                .toList();
    }

    /** How many partitions topics have; those that do not exist are absent. */
    private Map<String, Integer> partitionCounts(Collection<String> topics) {
        Map<String, KafkaFuture<TopicDescription>> futures =
                cluster.client().describeTopics(topics).topicNameValues();
        Map<String, Integer> counts = new TreeMap<>();
        futures.forEach(
                (topic, future) -> {
                    try {
                        counts.put(topic, cluster.await(future).partitions().size());
                    } catch (UnknownTopicOrPartitionException e) {
                        // Absent, as promised.
                    }
                });
        return counts;
    }
}
