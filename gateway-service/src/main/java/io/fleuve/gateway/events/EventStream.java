package io.fleuve.gateway.events;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.TopicOffsets;
import io.fleuve.gateway.kafka.TopicReader;
import io.fleuve.gateway.kafka.TopicTail.Gap;
import io.fleuve.gateway.read.Records;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends one reader its events, on the reader's own virtual thread. Behind the ring it reads pages
 * from the brokers; once at the ring it follows that. Its position is what decides whether a record
 * is new, so that none comes twice or not at all where the two meet.
 */
final class EventStream {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final EventsRequest request;
    private final Tail tail;
    private final Ring ring;
    private final Sources sources;
    private final EventWriter writer;
    private final SortedMap<Integer, Long> positions;
    private final Position origin;
    // The place in the ring; negative while behind it.
    private long place = -1;
    // It has followed the ring, and is not back at it since it fell out.
    private boolean fellBehind;
    private long behindSinceNanos;
    private boolean unavailable;
    private boolean catchUpFails;

    /** What all streams use. */
    record Sources(
            TopicOffsets offsets,
            TopicReader reader,
            EventLimits limits,
            EventMeters meters,
            JsonMapper mapper,
            BooleanSupplier closing) {}

    EventStream(
            EventsRequest request,
            Tail tail,
            SortedMap<Integer, Long> start,
            Sources sources,
            EventWriter writer) {
        this.request = request;
        this.tail = tail;
        this.ring = tail.ring();
        this.sources = sources;
        this.writer = writer;
        this.positions = new TreeMap<>(start);
        this.origin = Position.of(tail.topic().name(), tail.topic().id(), positions);
    }

    private record GapBody(
            @JsonProperty("partition") int partition,
            @JsonProperty("from") long from,
            @JsonProperty("to") long to,
            @JsonProperty("message") String message) {}

    private record NoticeBody(
            @JsonProperty("code") String code, @JsonProperty("message") String message) {}

    private record EndBody(
            @JsonProperty("reason") String reason, @JsonProperty("message") String message) {}

    /**
     * Sends events until the reader is to go.
     *
     * @param reset why the reader's own position could not be used, to be told first
     * @return why it had to go
     * @throws IOException if it went by itself
     */
    EndReason run(@Nullable String reset) throws IOException {
        writer.open(sources.limits().retry(), id());
        if (reset != null) {
            send("reset", new NoticeBody("reset", reset));
            writer.flush();
        }
        while (true) {
            long alarms = ring.alarms();
            Health.Ended end = look();
            if (end != null) {
                send("end", new EndBody(end.reason().code(), end.message()));
                writer.flush();
                return end.reason();
            }
            includeNewPartitions();
            if (place < 0) {
                find(alarms);
            } else {
                follow(alarms);
            }
            if (writer.silentNanos() >= sources.limits().heartbeat().toNanos()) {
                writer.heartbeat(id());
            }
        }
    }

    private String id() {
        return new Position(origin.topicHash(), origin.idHash(), positions).encode();
    }

    private void send(@Nullable String name, Object body) throws IOException {
        writer.event(name, id(), sources.mapper().writeValueAsBytes(body));
    }

    /** Looks at everything that is not a record; the end if it has come. */
    private Health.@Nullable Ended look() throws IOException {
        if (sources.closing().getAsBoolean() || Thread.currentThread().isInterrupted()) {
            return new Health.Ended(
                    EndReason.SHUTDOWN, "The gateway is going down; connect to go on.");
        }
        EventLimits limits = sources.limits();
        if (writer.isSlow()) {
            return new Health.Ended(
                    EndReason.SLOW_READER,
                    "The connection took longer than %d ms to accept events; connect to go on."
                            .formatted(limits.slowWriteTimeout().toMillis()));
        }
        if (fellBehind
                && System.nanoTime() - behindSinceNanos > limits.slowReaderTimeout().toNanos()) {
            return new Health.Ended(
                    EndReason.SLOW_READER,
                    "The reader fell behind and did not catch up within %d ms; connect to go on."
                            .formatted(limits.slowReaderTimeout().toMillis()));
        }
        return switch (tail.health()) {
            case Health.Ended ended -> ended;
            case Health.Unavailable(String message) -> {
                tellUnavailable(message);
                yield null;
            }
            case Health.Well() -> {
                if (unavailable && !catchUpFails) {
                    unavailable = false;
                    send("notice", new NoticeBody("available", "The topic can be read again."));
                    writer.flush();
                }
                yield null;
            }
        };
    }

    private void tellUnavailable(String message) throws IOException {
        if (!unavailable) {
            unavailable = true;
            send("notice", new NoticeBody("unavailable", message));
            writer.flush();
        }
    }

    private void includeNewPartitions() {
        if (request.allPartitions() && ring.partitions() > positions.size()) {
            ring.ends().keySet().forEach(partition -> positions.putIfAbsent(partition, 0L));
            // What the ring already has of them is behind our place.
            place = -1;
        }
    }

    private void follow(long alarms) throws IOException {
        long left = sources.limits().heartbeat().toNanos() - writer.silentNanos();
        switch (ring.await(place, alarms, left)) {
            case Ring.Next.Found(Chunk chunk) -> {
                place++;
                tellGaps(chunk.gaps());
                sendRecords(chunk.records());
                advance(chunk.moved());
                writer.flush();
            }
            case Ring.Next.Lapped() -> {
                sources.meters().lapped();
                place = -1;
                if (!fellBehind) {
                    fellBehind = true;
                    behindSinceNanos = System.nanoTime();
                }
            }
            case Ring.Next.Nothing() -> {}
        }
    }

    private void sendRecords(List<TailRecord> records) throws IOException {
        int sent = 0;
        int filtered = 0;
        for (TailRecord record : records) {
            ConsumerRecord<byte[], byte[]> raw = record.record();
            Long next = positions.get(raw.partition());
            if (next == null || raw.offset() < next) {
                continue;
            }
            positions.put(raw.partition(), raw.offset() + 1);
            if (request.filter().test(record)) {
                writer.record(id(), record.text(request.formats(), () -> write(raw)));
                sent++;
            } else {
                filtered++;
            }
        }
        sources.meters().sent(sent);
        sources.meters().filtered(filtered);
    }

    private byte[] write(ConsumerRecord<byte[], byte[]> record) {
        int maxBytes = Math.toIntExact(sources.limits().maxRecordSize().toBytes());
        return sources.mapper()
                .writeValueAsBytes(Records.toFull(record, request.formats(), maxBytes));
    }

    private void tellGaps(List<Gap> gaps) throws IOException {
        for (Gap gap : gaps) {
            Long next = positions.get(gap.partition());
            if (next != null && next < gap.to()) {
                tellGap(gap.partition(), next, gap.to());
            }
        }
    }

    private void tellGap(int partition, long from, long to) throws IOException {
        positions.put(partition, to);
        send(
                "gap",
                new GapBody(
                        partition,
                        from,
                        to,
                        from < to
                                ? "These records were deleted before they could be sent."
                                : "The partition ends before the position; it goes on from its end."));
    }

    private void advance(SortedMap<Integer, Long> moved) {
        moved.forEach(
                (partition, offset) ->
                        positions.computeIfPresent(partition, (_, next) -> Math.max(next, offset)));
    }

    /** Looks for the place in the ring, or reads what comes before it. */
    private void find(long alarms) throws IOException {
        OptionalLong found = ring.join(positions);
        if (found.isPresent()) {
            place = found.getAsLong();
            fellBehind = false;
            catchUpFails = false;
            return;
        }
        SortedMap<Integer, Long> starts = ring.starts();
        SortedMap<Integer, Long> behind = new TreeMap<>(positions);
        behind.entrySet()
                .removeIf(e -> e.getValue() >= starts.getOrDefault(e.getKey(), Long.MIN_VALUE));
        if (behind.isEmpty()) {
            // The tail has not begun, or does not know of a new partition yet.
            ring.awaitPartitions(ring.partitions(), alarms, PAUSE.toNanos());
            return;
        }
        catchUp(behind, alarms);
    }

    private void catchUp(SortedMap<Integer, Long> behind, long alarms) throws IOException {
        EventLimits limits = sources.limits();
        try {
            TopicReader.Page page =
                    sources.reader()
                            .read(
                                    new TopicReader.Query(
                                            tail.topic().name(),
                                            behind,
                                            ring.ends(),
                                            limits.catchUpRecords(),
                                            Math.toIntExact(limits.catchUpSize().toBytes()),
                                            Duration.ZERO,
                                            tail.isolation()));
            catchUpFails = false;
            sendRecords(page.records().stream().map(TailRecord::new).toList());
            advance(page.next());
            writer.flush();
        } catch (OffsetOutOfRangeException e) {
            skipMissing(behind);
        } catch (RestException e) {
            // All consumers are reading: it has waited for one already.
        } catch (RetriableException e) {
            catchUpFails = true;
            String message = e.getMessage();
            tellUnavailable(message == null ? e.getClass().getSimpleName() : message);
            ring.awaitPartitions(ring.partitions(), alarms, PAUSE.toNanos());
        }
    }

    private void skipMissing(SortedMap<Integer, Long> behind) throws IOException {
        String topic = tail.topic().name();
        try {
            SortedMap<Integer, Long> begins = sources.offsets().begins(topic, behind.keySet());
            SortedMap<Integer, Long> ends =
                    sources.offsets().ends(topic, behind.keySet(), tail.isolation());
            for (var entry : behind.entrySet()) {
                long begin = begins.getOrDefault(entry.getKey(), 0L);
                long end = Math.max(begin, ends.getOrDefault(entry.getKey(), begin));
                if (entry.getValue() < begin) {
                    tellGap(entry.getKey(), entry.getValue(), begin);
                } else if (entry.getValue() > end) {
                    tellGap(entry.getKey(), entry.getValue(), end);
                }
            }
            writer.flush();
        } catch (KafkaException e) {
            catchUpFails = true;
            tellUnavailable(String.valueOf(e.getMessage()));
        }
    }
}
