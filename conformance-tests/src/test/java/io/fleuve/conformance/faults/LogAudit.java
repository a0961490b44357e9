package io.fleuve.conformance.faults;

import io.fleuve.conformance.faults.ProducerLoad.Origin;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Holds the log, read back record by record, against what producers were told: every acknowledged
 * record at its offset, each producer's order kept, and from idempotent ones no duplicate and no
 * gap.
 */
final class LogAudit {

    private static final int MAX_VIOLATIONS = 100;

    /** What of one incarnation was found on one partition. */
    private static final class Track {
        private final BitSet found = new BitSet();
        private int next;
    }

    private final List<Incarnation> incarnations;
    private final Map<Integer, List<Track>> tracks = new HashMap<>();
    private final int partitions;
    private final List<String> violations = new ArrayList<>();
    private long records;
    private long duplicates;
    private long acknowledgedFound;

    LogAudit(List<Incarnation> incarnations, int partitions) {
        this.incarnations = incarnations;
        this.partitions = partitions;
        for (Incarnation incarnation : incarnations) {
            List<Track> ofIncarnation = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                ofIncarnation.add(new Track());
            }
            tracks.put(incarnation.id(), ofIncarnation);
        }
    }

    /** Takes the next record of its partition. */
    void take(ConsumerRecord<byte[], byte[]> message) {
        records++;
        Origin origin = Origin.of(message.value());
        List<Track> ofIncarnation = tracks.get(origin.incarnation());
        if (ofIncarnation == null || origin.partition() != message.partition()) {
            violated(
                    "partition %d, offset %d: foreign record %s",
                    message.partition(), message.offset(), origin);
            return;
        }
        Incarnation incarnation = incarnations.get(origin.incarnation());
        Track track = ofIncarnation.get(origin.partition());
        if (track.found.get(origin.number())) {
            duplicates++;
            if (incarnation.kind().isIdempotent()) {
                violated("a duplicate at offset %d: %s", message.offset(), origin);
            }
        } else {
            track.found.set(origin.number());
            firstCopy(incarnation, track, origin, message.offset());
        }
        if (incarnation.offset(origin.partition(), origin.number()) == message.offset()) {
            acknowledgedFound++;
        }
    }

    /** Order and gaps: only what was given up may be missing. */
    private void firstCopy(Incarnation incarnation, Track track, Origin origin, long offset) {
        if (origin.number() < track.next) {
            violated("out of order at offset %d: %s", offset, origin);
            return;
        }
        for (int number = track.next; number < origin.number(); number++) {
            if (!incarnation.wasRefused(origin.partition(), number)) {
                violated(
                        "a gap before offset %d: number %d is missing before %s",
                        offset, number, origin);
            }
        }
        track.next = origin.number() + 1;
    }

    /** Tells what is wrong, when the last record was taken. */
    List<String> violations() {
        for (Incarnation incarnation : incarnations) {
            for (int partition = 0; partition < partitions; partition++) {
                missing(incarnation, partition);
            }
        }
        long acknowledged = incarnations.stream().mapToLong(Incarnation::acknowledged).sum();
        if (acknowledgedFound != acknowledged) {
            violated(
                    "%d records are at the offset that was acknowledged, of %d",
                    acknowledgedFound, acknowledged);
        }
        return violations;
    }

    private void missing(Incarnation incarnation, int partition) {
        List<Track> ofIncarnation = tracks.getOrDefault(incarnation.id(), List.of());
        Track track = ofIncarnation.get(partition);
        for (int number = 0; number < incarnation.sentOn(partition); number++) {
            long offset = incarnation.offset(partition, number);
            if (offset >= 0 && !track.found.get(number)) {
                violated(
                        "lost: number %d of %s on partition %d, acknowledged at offset %d",
                        number, incarnation.kind(), partition, offset);
            }
        }
    }

    private void violated(String format, Object... what) {
        if (violations.size() < MAX_VIOLATIONS) {
            violations.add(format.formatted(what));
        }
    }

    long records() {
        return records;
    }

    /** Copies by producers without sequence numbers, or else there is a violation. */
    long duplicates() {
        return duplicates;
    }
}
