package io.fleuve.simulator.live;

import io.fleuve.simulator.publish.Destination;
import io.fleuve.simulator.publish.Reading;
import io.fleuve.simulator.publish.ReadingPublisher;
import io.fleuve.simulator.publish.TopicTail;
import io.fleuve.simulator.publish.UnreachableTopicException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Acknowledges at once, and can be out of reach, full, or refuse a reading. */
final class MemoryDestination implements Destination {

    final List<Reading> readings = new CopyOnWriteArrayList<>();
    volatile boolean away;
    volatile boolean full;
    volatile boolean refusing;

    @Override
    public void createIfAbsent() {
        if (away) {
            throw new UnreachableTopicException("no answer", new IOException("away"));
        }
    }

    @Override
    public ReadingPublisher publisher(ReadingPublisher.Outcomes outcomes) {
        return new ReadingPublisher() {
            @Override
            public boolean offer(Reading reading) {
                if (full) {
                    return false;
                }
                if (refusing) {
                    outcomes.failed(reading, "too hot");
                } else {
                    readings.add(reading);
                    outcomes.acknowledged(reading);
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

    @Override
    public TopicTail tail() {
        throw new UnsupportedOperationException("a simulation does not look back");
    }

    @Override
    public long retries() {
        return 0;
    }
}
