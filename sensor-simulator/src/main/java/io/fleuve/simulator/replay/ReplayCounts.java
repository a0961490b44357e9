package io.fleuve.simulator.replay;

import io.fleuve.simulator.publish.PublishedCounts;
import java.util.concurrent.atomic.LongAdder;

/** What became of readings since the process started. Counted from several threads. */
final class ReplayCounts {

    final PublishedCounts published = new PublishedCounts();
    final LongAdder skipped = new LongAdder();
    final LongAdder silenced = new LongAdder();
}
