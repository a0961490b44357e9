package io.fleuve.alerts.outbox;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one attempt to send came to. */
public sealed interface DeliveryOutcome {

    /**
     * The provider took the message.
     *
     * @param providerId the provider's name for it, if it gives one
     */
    record Accepted(@Nullable String providerId) implements DeliveryOutcome {}

    /** The provider did not take it and will not: another attempt is useless. */
    record Rejected(String reason) implements DeliveryOutcome {}

    /**
     * The provider did not take it, but may later.
     *
     * @param retryAfter how long the provider asks to wait, if it says so
     */
    record Deferred(String reason, @Nullable Duration retryAfter) implements DeliveryOutcome {}

    /** Nobody knows whether the provider took it. */
    record Uncertain(String reason) implements DeliveryOutcome {}
}
