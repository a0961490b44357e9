/**
 * Windows in event time: their shapes, what goes into them and what comes out. {@link
 * io.fleuve.alerts.windows.Aggregation} says what is computed, {@link
 * io.fleuve.alerts.windows.WindowResult} is what was. Plain values: no Spring, no database, no
 * Kafka.
 */
@NullMarked
package io.fleuve.alerts.windows;

import org.jspecify.annotations.NullMarked;
