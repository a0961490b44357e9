/**
 * The replay: which recorded reading is published when, and under which time. {@link
 * io.fleuve.simulator.replay.Replay} runs it, {@link io.fleuve.simulator.replay.ReplayPlan} decides
 * where it begins, {@link io.fleuve.simulator.replay.ReadingLog} is the port to where readings go.
 * It must know neither Kafka nor HTTP nor Spring.
 */
@NullMarked
package io.fleuve.simulator.replay;

import org.jspecify.annotations.NullMarked;
