package io.fleuve.gateway.consumers;

import io.fleuve.gateway.format.EmbeddedFormat;
import org.jspecify.annotations.Nullable;

/**
 * What an instance was created with; null where the creator did not say.
 *
 * @param format how keys and values are shown
 * @param dialect whose API the creator speaks
 * @param autoOffsetReset {@code auto.offset.reset} of the consumer
 * @param autoCommit whether delivered positions are committed without being asked
 * @param fetchMinBytes bytes of keys and values for which an answer waits until its timeout; -1 for
 *     no such number, so that it waits in any case
 * @param requestTimeoutMs the longest that an answer waits
 * @param isolationLevel {@code isolation.level} of the consumer
 */
public record InstanceConfig(
        EmbeddedFormat format,
        Dialect dialect,
        @Nullable String autoOffsetReset,
        boolean autoCommit,
        @Nullable Integer fetchMinBytes,
        @Nullable Integer requestTimeoutMs,
        @Nullable String isolationLevel) {}
