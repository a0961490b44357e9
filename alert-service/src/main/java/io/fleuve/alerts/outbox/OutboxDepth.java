package io.fleuve.alerts.outbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How much is waiting.
 *
 * @param unfinished notifications that are neither sent nor given up
 * @param oldestCreatedAt when the oldest of them was written
 */
public record OutboxDepth(long unfinished, @Nullable Instant oldestCreatedAt) {}
