package io.fleuve.alerts.windows;

import java.time.Duration;
import java.time.ZoneId;

/** How event time is cut into windows. */
public sealed interface WindowShape {

    /** One after the other; whole days start at midnight of the zone. */
    record Tumbling(Duration size, ZoneId zone) implements WindowShape {}

    /** Windows of {@code size} that start every {@code advance}. */
    record Hopping(Duration size, Duration advance) implements WindowShape {}

    /** Readings that are no further apart than {@code gap}. */
    record Session(Duration gap) implements WindowShape {}
}
