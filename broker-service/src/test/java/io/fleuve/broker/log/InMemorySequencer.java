package io.fleuve.broker.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A sequencer in memory, for tests: the same contract, no durability. Logs are created on demand.
 */
final class InMemorySequencer implements Sequencer {

    private static final int REMEMBERED = 5;

    private final Map<Long, Log> logs = new HashMap<>();
    private final Map<String, Long> committedTo = new HashMap<>();
    private final Map<String, List<Sequenced>> lastOutcomes = new HashMap<>();
    private final Set<String> open = new HashSet<>();
    private int failuresBefore;
    private int failuresAfter;
    private int refusals;
    private boolean lookUpsFail;

    synchronized void create(long logId, int leaderEpoch) {
        logs.put(logId, new Log(leaderEpoch));
    }

    /** Lets the next commits fail without an effect. */
    synchronized void failBefore(int times) {
        failuresBefore = times;
    }

    /** Lets the next commits take effect, but their answers be lost. */
    synchronized void failAfter(int times) {
        failuresAfter = times;
    }

    /** Lets the next commits be refused for good. */
    synchronized void refuse(int times) {
        refusals = times;
    }

    /** Lets all look-ups fail, or no longer. */
    synchronized void failLookUps(boolean fail) {
        lookUpsFail = fail;
    }

    private void checkLookUp() {
        if (lookUpsFail) {
            throw new LogUnavailableException("no answer", null);
        }
    }

    @Override
    public synchronized void enlist(String objectKey, Duration openFor) {
        open.add(objectKey);
    }

    @Override
    public synchronized void seal(String objectKey) {
        open.remove(objectKey);
    }

    @Override
    public synchronized Optional<LogEnds> raiseStart(long logId, long offset) {
        Log log = logs.get(logId);
        if (log != null && (offset <= log.next || offset == Long.MAX_VALUE)) {
            log.start = Math.max(log.start, Math.min(offset, log.next));
        }
        return ends(logId);
    }

    @Override
    public synchronized List<Sequenced> commit(Stretch stretch) {
        if (failuresBefore > 0) {
            failuresBefore--;
            throw new LogUnavailableException("lost before the commit", new RuntimeException());
        }
        if (refusals > 0) {
            refusals--;
            throw new IllegalStateException("refused");
        }
        if (!open.contains(stretch.objectKey())
                && committedTo.getOrDefault(stretch.objectKey(), -1L) != stretch.to()) {
            return Collections.nCopies(
                    stretch.batches().size(), new Sequenced(Outcome.OBJECT_SEALED, -1, -1));
        }
        if (committedTo.getOrDefault(stretch.objectKey(), -1L) != stretch.to()) {
            List<Sequenced> outcomes = new ArrayList<>();
            for (Entry entry : stretch.batches()) {
                Log log = logs.get(entry.logId());
                outcomes.add(
                        log == null
                                ? new Sequenced(Outcome.UNKNOWN_LOG, -1, -1)
                                : log.take(stretch, entry));
            }
            committedTo.put(stretch.objectKey(), stretch.to());
            lastOutcomes.put(stretch.objectKey(), outcomes);
        }
        if (failuresAfter > 0) {
            failuresAfter--;
            throw new LogUnavailableException("lost after the commit", new RuntimeException());
        }
        return lastOutcomes.getOrDefault(stretch.objectKey(), List.of());
    }

    @Override
    public synchronized Optional<LogEnds> ends(long logId) {
        checkLookUp();
        return Optional.ofNullable(logs.get(logId)).map(log -> new LogEnds(log.start, log.next));
    }

    @Override
    public synchronized Map<Long, LogEnds> ends(Collection<Long> logIds) {
        Map<Long, LogEnds> ends = new HashMap<>();
        logIds.forEach(logId -> ends(logId).ifPresent(found -> ends.put(logId, found)));
        return ends;
    }

    @Override
    public List<AbortedTransaction> aborted(long logId, long fromOffset, long toOffset) {
        return List.of();
    }

    @Override
    public synchronized List<Piece> locate(long logId, long offset, int maxBytes) {
        checkLookUp();
        List<Piece> found = new ArrayList<>();
        long size = 0;
        Log log = logs.get(logId);
        for (Kept kept :
                log == null ? List.<Kept>of() : log.pieces.tailMap(offset, true).values()) {
            if (size > maxBytes) {
                break;
            }
            found.add(kept.piece);
            size += found.size() == 1 ? 0 : kept.piece.sizeBytes();
        }
        return found;
    }

    @Override
    public synchronized Optional<Piece> locateTimestamp(
            long logId, long fromOffset, long timestampMs) {
        return Optional.ofNullable(logs.get(logId)).stream()
                .flatMap(log -> log.pieces.values().stream())
                .filter(kept -> kept.piece.lastOffset() >= fromOffset)
                .filter(kept -> kept.maxTimestamp >= timestampMs)
                .map(Kept::piece)
                .findFirst();
    }

    private record Kept(Piece piece, long maxTimestamp) {}

    private record Remembered(int baseSequence, int lastSequence, long baseOffset) {}

    private record Producer(short epoch, List<Remembered> batches) {}

    private static final class Log {

        private final int leaderEpoch;
        private final TreeMap<Long, Kept> pieces = new TreeMap<>();
        private final Map<Long, Producer> producers = new HashMap<>();
        private long start;
        private long next;

        Log(int leaderEpoch) {
            this.leaderEpoch = leaderEpoch;
        }

        Sequenced take(Stretch stretch, Entry entry) {
            if (entry.fence() >= 0 && entry.fence() != leaderEpoch) {
                return new Sequenced(Outcome.FENCED, -1, start);
            }
            if (entry.producerId() >= 0) {
                Optional<Sequenced> known = checkProducer(entry);
                if (known.isPresent()) {
                    return known.get();
                }
                remember(entry);
            }
            long base = next;
            next += entry.offsetCount();
            keep(stretch, entry, base);
            return new Sequenced(Outcome.APPENDED, base, start);
        }

        private Optional<Sequenced> checkProducer(Entry entry) {
            Producer producer = producers.get(entry.producerId());
            if (producer == null) {
                return entry.baseSequence() == 0
                        ? Optional.empty()
                        : Optional.of(new Sequenced(Outcome.OUT_OF_ORDER_SEQUENCE, -1, start));
            }
            if (entry.producerEpoch() < producer.epoch) {
                return Optional.of(new Sequenced(Outcome.STALE_PRODUCER_EPOCH, -1, start));
            }
            if (entry.producerEpoch() > producer.epoch) {
                return entry.baseSequence() == 0
                        ? Optional.empty()
                        : Optional.of(new Sequenced(Outcome.OUT_OF_ORDER_SEQUENCE, -1, start));
            }
            for (Remembered batch : producer.batches) {
                if (batch.baseSequence == entry.baseSequence()
                        && batch.lastSequence == lastSequence(entry)) {
                    return Optional.of(new Sequenced(Outcome.DUPLICATE, batch.baseOffset, start));
                }
            }
            int last = producer.batches.getLast().lastSequence;
            int expected = last == Integer.MAX_VALUE ? 0 : last + 1;
            return entry.baseSequence() == expected
                    ? Optional.empty()
                    : Optional.of(new Sequenced(Outcome.OUT_OF_ORDER_SEQUENCE, -1, start));
        }

        private void remember(Entry entry) {
            Producer producer = producers.get(entry.producerId());
            if (producer == null || producer.epoch != entry.producerEpoch()) {
                producer = new Producer(entry.producerEpoch(), new ArrayList<>());
                producers.put(entry.producerId(), producer);
            }
            if (producer.batches.size() == REMEMBERED) {
                producer.batches.removeFirst();
            }
            producer.batches.add(new Remembered(entry.baseSequence(), lastSequence(entry), next));
        }

        private static int lastSequence(Entry entry) {
            return (int)
                    (((long) entry.baseSequence() + entry.offsetCount() - 1) & Integer.MAX_VALUE);
        }

        private void keep(Stretch stretch, Entry entry, long base) {
            Kept last = pieces.isEmpty() ? null : pieces.lastEntry().getValue();
            boolean settled = entry.guess() == base;
            if (last != null
                    && last.piece.objectKey().equals(stretch.objectKey())
                    && last.piece.position() >= stretch.from()
                    && last.piece.position() + last.piece.sizeBytes() == entry.position()) {
                pieces.pollLastEntry();
                Piece grown =
                        new Piece(
                                last.piece.baseOffset(),
                                next - 1,
                                stretch.objectKey(),
                                last.piece.position(),
                                last.piece.sizeBytes() + entry.sizeBytes(),
                                last.piece.settled() && settled);
                pieces.put(
                        next - 1,
                        new Kept(grown, Math.max(last.maxTimestamp, entry.maxTimestamp())));
            } else {
                Piece piece =
                        new Piece(
                                base,
                                next - 1,
                                stretch.objectKey(),
                                entry.position(),
                                entry.sizeBytes(),
                                settled);
                pieces.put(next - 1, new Kept(piece, entry.maxTimestamp()));
            }
        }
    }
}
