package io.fleuve.simulator.replay;

import io.fleuve.simulator.source.RecordedReading;
import java.time.Instant;

/**
 * A recorded reading under the time it is published with.
 *
 * @param recorded the reading as it was recorded
 * @param observedAt the rebased time
 */
public record RebasedReading(RecordedReading recorded, Instant observedAt) {}
