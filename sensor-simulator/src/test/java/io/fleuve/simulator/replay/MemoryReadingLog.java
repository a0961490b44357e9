package io.fleuve.simulator.replay;

import io.fleuve.simulator.publish.ReadingPublisher;
import io.fleuve.simulator.publish.UnreachableTopicException;
import io.fleuve.simulator.replay.PublishedReadings.Newest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A log that acknowledges at once, and can be out of reach or refuse a reading. Outlives those who
 * open it.
 */
final class MemoryReadingLog implements ReadingLog.Factory {

    record Entry(ReplayRun run, RebasedReading reading) {}

    final List<Entry> entries = new CopyOnWriteArrayList<>();
    volatile boolean away;
    volatile Instant refused = Instant.MIN;

    @Override
    public ReadingLog open(ReadingPublisher.Outcomes outcomes) {
        return new ReadingLog() {
            @Override
            public PublishedReadings published(Set<String> series) {
                if (away) {
                    throw new UnreachableTopicException("no answer", new IOException("away"));
                }
                Map<String, Newest> newest = new HashMap<>();
                entries.forEach(
                        entry ->
                                newest.put(
                                        entry.reading().recorded().series(),
                                        new Newest(entry.run(), entry.reading().observedAt())));
                return new PublishedReadings(newest);
            }

            @Override
            public boolean offer(ReplayRun run, RebasedReading reading) {
                if (away) {
                    return false;
                }
                if (reading.recorded().recordedAt().equals(refused)) {
                    outcomes.failed(reading.toReading(run), "refused");
                } else {
                    entries.add(new Entry(run, reading));
                    outcomes.acknowledged(reading.toReading(run));
                }
                return true;
            }

            @Override
            public int unacknowledged() {
                return 0;
            }

            @Override
            public boolean flush(Duration timeout) {
                return true;
            }

            @Override
            public void close() {}
        };
    }

    List<RebasedReading> readings() {
        return entries.stream().map(Entry::reading).toList();
    }
}
