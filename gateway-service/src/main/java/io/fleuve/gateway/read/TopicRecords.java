package io.fleuve.gateway.read;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.kafka.Isolation;
import io.fleuve.gateway.kafka.NewestReader;
import io.fleuve.gateway.kafka.ReadLimits;
import io.fleuve.gateway.kafka.ReadMeters;
import io.fleuve.gateway.kafka.TopicOffsets;
import io.fleuve.gateway.kafka.TopicReader;
import io.fleuve.gateway.read.Records.FullRecord;
import io.fleuve.gateway.tracing.MessagingSpans;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Answers reads of several partitions of a topic, forwards from a start or newest first. */
public final class TopicRecords {

    private final TopicOffsets offsets;
    private final Starts starts;
    private final TopicReader reader;
    private final NewestReader newest;
    private final ReadLimits limits;
    private final MessagingSpans spans;
    private final ReadMeters meters;

    public TopicRecords(
            TopicOffsets offsets,
            TopicReader reader,
            NewestReader newest,
            ReadLimits limits,
            MessagingSpans spans,
            ReadMeters meters) {
        this.offsets = offsets;
        this.starts = new Starts(offsets);
        this.reader = reader;
        this.newest = newest;
        this.limits = limits;
        this.spans = spans;
        this.meters = meters;
    }

    /** What every read has. */
    record Common(
            @Nullable String partitions,
            @Nullable String maxBytes,
            @Nullable String format,
            @Nullable String keyFormat,
            @Nullable String isolation) {}

    /** Parameters of a read forwards. */
    record Forwards(
            Common common,
            @Nullable String from,
            @Nullable String maxRecords,
            @Nullable String timeout) {}

    /** Parameters of a read of the newest. */
    record Newest(Common common, String newest, @Nullable String before) {}

    /**
     * Where a partition stands.
     *
     * @param nextOffset where to go on
     * @param previousOffset of a read of the newest: before which the next older records are
     * @param endOffset the offset after the last one that this isolation sees
     */
    record PartitionState(
            @JsonProperty("partition") int partition,
            @JsonProperty("next_offset") long nextOffset,
            @JsonProperty("previous_offset") @JsonInclude(JsonInclude.Include.NON_NULL)
                    @Nullable Long previousOffset,
            @JsonProperty("begin_offset") long beginOffset,
            @JsonProperty("end_offset") long endOffset) {}

    /**
     * An answer.
     *
     * @param next the parameter {@code from} that goes on
     * @param previous of a read of the newest: the parameter {@code before} that leafs back; absent
     *     when there is nothing older
     */
    record TopicPage(
            @JsonProperty("records") List<FullRecord> records,
            @JsonProperty("partitions") List<PartitionState> partitions,
            @JsonProperty("next") String next,
            @JsonProperty("previous") @JsonInclude(JsonInclude.Include.NON_NULL)
                    @Nullable String previous) {}

    TopicPage read(String name, Forwards request) {
        Formats formats = Formats.of(request.common().keyFormat(), request.common().format());
        Isolation isolation = isolation(request.common());
        int maxBytes = maxBytes(request.common());
        int maxRecords =
                Math.toIntExact(
                        Parameters.bounded(
                                "max_records",
                                request.maxRecords(),
                                limits.defaultRecords(),
                                1,
                                limits.maxRecords()));
        Duration timeout =
                Duration.ofMillis(
                        Parameters.bounded(
                                "timeout",
                                request.timeout(),
                                0,
                                0,
                                limits.maxTimeout().toMillis()));
        StartFrom from = StartFrom.parse(request.from() == null ? "start" : request.from());
        SortedSet<Integer> partitions =
                Starts.choose(offsets.topic(name), request.common().partitions());
        return timed(
                name,
                () -> {
                    SortedMap<Integer, Long> begins = offsets.begins(name, partitions);
                    SortedMap<Integer, Long> begin =
                            starts.resolve(name, partitions, from, isolation);
                    SortedMap<Integer, Long> ends = offsets.ends(name, partitions, isolation);
                    TopicReader.Page page =
                            inRange(
                                    name,
                                    () ->
                                            reader.read(
                                                    new TopicReader.Query(
                                                            name,
                                                            begin,
                                                            ends,
                                                            maxRecords,
                                                            maxBytes,
                                                            timeout,
                                                            isolation)));
                    page.next()
                            .forEach((partition, next) -> ends.merge(partition, next, Math::max));
                    return page(page.records(), formats, maxBytes, page.next(), null, begins, ends);
                });
    }

    TopicPage readNewest(String name, Newest request) {
        Formats formats = Formats.of(request.common().keyFormat(), request.common().format());
        Isolation isolation = isolation(request.common());
        int maxBytes = maxBytes(request.common());
        int count =
                Math.toIntExact(
                        Parameters.bounded("newest", request.newest(), 0, 1, limits.maxNewest()));
        StartFrom before = StartFrom.parse(request.before() == null ? "end" : request.before());
        SortedSet<Integer> partitions =
                Starts.choose(offsets.topic(name), request.common().partitions());
        return timed(
                name,
                () -> {
                    SortedMap<Integer, Long> begins = offsets.begins(name, partitions);
                    SortedMap<Integer, Long> ends = offsets.ends(name, partitions, isolation);
                    SortedMap<Integer, Long> upTo =
                            starts.resolve(name, partitions, before, isolation);
                    NewestReader.Page page =
                            inRange(
                                    name,
                                    () ->
                                            newest.read(
                                                    new NewestReader.Query(
                                                            name, upTo, begins, count, maxBytes,
                                                            isolation)));
                    return page(
                            page.records(), formats, maxBytes, upTo, page.previous(), begins, ends);
                });
    }

    private TopicPage timed(String name, Supplier<TopicPage> read) {
        return meters.time(() -> spans.poll(name, read, page -> page.records().size()));
    }

    private Isolation isolation(Common common) {
        return Parameters.isolation(common.isolation(), limits.isolation());
    }

    private int maxBytes(Common common) {
        return Math.toIntExact(
                Parameters.bounded(
                        "max_bytes",
                        common.maxBytes(),
                        limits.defaultSize().toBytes(),
                        1,
                        limits.maxSize().toBytes()));
    }

    private TopicPage page(
            List<ConsumerRecord<byte[], byte[]>> records,
            Formats formats,
            int maxBytes,
            SortedMap<Integer, Long> next,
            @Nullable SortedMap<Integer, Long> previous,
            Map<Integer, Long> begins,
            Map<Integer, Long> ends) {
        meters.count(records);
        return new TopicPage(
                records.stream().map(r -> Records.toFull(r, formats, maxBytes)).toList(),
                next.entrySet().stream()
                        .map(
                                entry ->
                                        new PartitionState(
                                                entry.getKey(),
                                                entry.getValue(),
                                                previous == null
                                                        ? null
                                                        : previous.get(entry.getKey()),
                                                begins.getOrDefault(entry.getKey(), 0L),
                                                ends.getOrDefault(entry.getKey(), 0L)))
                        .toList(),
                pairs(next),
                previous != null && isAfter(previous, begins) ? pairs(previous) : null);
    }

    private static boolean isAfter(SortedMap<Integer, Long> previous, Map<Integer, Long> begins) {
        return previous.entrySet().stream()
                .anyMatch(entry -> entry.getValue() > begins.getOrDefault(entry.getKey(), 0L));
    }

    private static String pairs(SortedMap<Integer, Long> offsets) {
        return offsets.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    // Retention overtook us between the question about the range and the fetch.
    private <T> T inRange(String topic, Supplier<T> read) {
        try {
            return read.get();
        } catch (OffsetOutOfRangeException e) {
            Map.Entry<TopicPartition, Long> first =
                    e.offsetOutOfRangePartitions().entrySet().iterator().next();
            int partition = first.getKey().partition();
            SortedSet<Integer> one = new TreeSet<>(List.of(partition));
            throw Starts.outOfRange(
                    partition,
                    first.getValue(),
                    offsets.begins(topic, one).getOrDefault(partition, 0L),
                    offsets.ends(topic, one, Isolation.READ_UNCOMMITTED)
                            .getOrDefault(partition, 0L));
        }
    }
}
