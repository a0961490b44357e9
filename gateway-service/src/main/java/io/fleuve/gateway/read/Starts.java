package io.fleuve.gateway.read;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.Isolation;
import io.fleuve.gateway.kafka.TopicOffsets;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Turns a {@link StartFrom} and a choice of partitions into offsets. */
public final class Starts {

    private final TopicOffsets offsets;

    public Starts(TopicOffsets offsets) {
        this.offsets = offsets;
    }

    /**
     * The partitions that {@code list}, such as {@code 0,2}, names: all of them if it is null.
     *
     * @throws RestException 400, or 40402 for a partition that the topic does not have
     */
    public static SortedSet<Integer> choose(TopicOffsets.Topic topic, @Nullable String list) {
        if (list == null) {
            return topic.partitions();
        }
        SortedSet<Integer> chosen = new TreeSet<>();
        for (String part : list.split(",", -1)) {
            if (!part.matches("\\d{1,9}")) {
                throw new RestException(
                        RestError.badRequest(
                                "parameter partitions must be numbers with commas between them,"
                                        + " but is '%s'.".formatted(list)));
            }
            chosen.add(Integer.parseInt(part));
        }
        if (!topic.partitions().containsAll(chosen)) {
            throw new RestException(RestError.partitionNotFound());
        }
        return chosen;
    }

    /**
     * The offsets at which to begin in {@code partitions}.
     *
     * @throws RestException 41601 for an offset that its partition does not hold, 400 for one in a
     *     partition that was not chosen
     */
    public SortedMap<Integer, Long> resolve(
            String topic, Set<Integer> partitions, StartFrom from, Isolation isolation) {
        return switch (from) {
            case StartFrom.End() -> offsets.ends(topic, partitions, isolation);
            case StartFrom.Beginning() -> offsets.begins(topic, partitions);
            case StartFrom.BeforeEnd(long distance) ->
                    beforeEnd(topic, partitions, distance, isolation);
            case StartFrom.AtTime(long timestampMs) ->
                    atTime(topic, partitions, timestampMs, isolation);
            case StartFrom.AtOffsets at -> atOffsets(topic, partitions, at, isolation);
        };
    }

    private SortedMap<Integer, Long> beforeEnd(
            String topic, Set<Integer> partitions, long distance, Isolation isolation) {
        SortedMap<Integer, Long> begins = offsets.begins(topic, partitions);
        SortedMap<Integer, Long> found = new TreeMap<>();
        offsets.ends(topic, partitions, isolation)
                .forEach(
                        (partition, end) ->
                                found.put(
                                        partition,
                                        Math.max(
                                                begins.getOrDefault(partition, 0L),
                                                end - distance)));
        return found;
    }

    private SortedMap<Integer, Long> atTime(
            String topic, Set<Integer> partitions, long timestampMs, Isolation isolation) {
        SortedMap<Integer, Long> found = offsets.at(topic, partitions, timestampMs);
        SortedMap<Integer, Long> ends = offsets.ends(topic, partitions, isolation);
        found.replaceAll(
                (partition, offset) -> offset < 0 ? ends.getOrDefault(partition, 0L) : offset);
        return found;
    }

    private SortedMap<Integer, Long> atOffsets(
            String topic, Set<Integer> partitions, StartFrom.AtOffsets at, Isolation isolation) {
        SortedMap<Integer, Long> begins = offsets.begins(topic, partitions);
        SortedMap<Integer, Long> visible = offsets.ends(topic, partitions, isolation);
        SortedMap<Integer, Long> ends = offsets.ends(topic, partitions, Isolation.READ_UNCOMMITTED);
        SortedMap<Integer, Long> found = new TreeMap<>(visible);
        at.offsets()
                .forEach(
                        (partition, offset) -> {
                            if (!partitions.contains(partition)) {
                                throw new RestException(
                                        RestError.badRequest(
                                                "parameter from names partition %d, which is not one of those read."
                                                        .formatted(partition)));
                            }
                            long begin = begins.getOrDefault(partition, 0L);
                            long end = Math.max(begin, ends.getOrDefault(partition, 0L));
                            if (offset > end || (offset >= 0 && offset < begin)) {
                                throw outOfRange(partition, offset, begin, end);
                            }
                            found.put(
                                    partition,
                                    offset >= 0
                                            ? offset
                                            : Math.max(
                                                    begin,
                                                    visible.getOrDefault(partition, 0L) + offset));
                        });
        return found;
    }

    static RestException outOfRange(int partition, long offset, long begin, long end) {
        RestError error = RestError.offsetOutOfRange(offset, begin, end);
        return new RestException(
                new RestError(
                        error.status(),
                        error.errorCode(),
                        "Partition %d: %s".formatted(partition, error.message())));
    }
}
