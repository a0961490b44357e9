/**
 * A Flink job that averages temperatures by region and hour of event time. {@link temperature.AverageByRegion} is the
 * program. It must not know which platform it reads from.
 */
@NullMarked
package temperature;

import org.jspecify.annotations.NullMarked;
