package io.fleuve.alerts.subscribers;

import io.fleuve.alerts.outbox.Recipient;
import org.jspecify.annotations.Nullable;

/**
 * A way to reach a subscriber.
 *
 * @param fallback used if the first way has failed for good
 */
public record Contact(Recipient recipient, @Nullable Recipient fallback) {}
