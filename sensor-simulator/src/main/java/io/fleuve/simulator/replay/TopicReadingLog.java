package io.fleuve.simulator.replay;

import io.fleuve.simulator.publish.Destination;
import io.fleuve.simulator.publish.ReadingPublisher;
import io.fleuve.simulator.publish.TopicTail;
import java.time.Duration;
import java.util.Set;

/** The log of a replay in a topic: each record says in its headers which run it belongs to. */
public final class TopicReadingLog implements ReadingLog {

    private final Destination destination;
    private final int scanRecords;
    private final ReadingPublisher publisher;

    /**
     * @param scanRecords how far back a partition is read to find where a replay stood
     */
    public TopicReadingLog(
            Destination destination, int scanRecords, ReadingPublisher.Outcomes outcomes) {
        this.destination = destination;
        this.scanRecords = scanRecords;
        this.publisher = destination.publisher(outcomes);
    }

    @Override
    public PublishedReadings published(Set<String> series) {
        destination.createIfAbsent();
        try (TopicTail tail = destination.tail()) {
            return new PublishedTail(tail, series, scanRecords).read();
        }
    }

    @Override
    public boolean offer(ReplayRun run, RebasedReading reading) {
        return publisher.offer(reading.toReading(run));
    }

    @Override
    public int unacknowledged() {
        return publisher.unacknowledged();
    }

    @Override
    public boolean flush(Duration timeout) {
        return publisher.flush(timeout);
    }

    @Override
    public void close() {
        publisher.close();
    }
}
