/**
 * From readings to averages: the Kafka Streams topology, the topics that it needs, and the consumer
 * that carries the published averages on to the rules. {@link
 * io.fleuve.alerts.streams.AveragingTopology} says what flows where, {@link
 * io.fleuve.alerts.streams.RegionWindows} when a window closes. It knows neither rules, alerts, the
 * database nor Spring.
 */
@NullMarked
package io.fleuve.alerts.streams;

import org.jspecify.annotations.NullMarked;
