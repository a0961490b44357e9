/**
 * People who are told: where, about what, in which language, and when not. {@link
 * io.fleuve.alerts.subscribers.Subscriber} is the main type, {@link
 * io.fleuve.alerts.subscribers.SubscriberDraft} what a caller writes. Neither the database nor the
 * channels are known here.
 */
@NullMarked
package io.fleuve.alerts.subscribers;

import org.jspecify.annotations.NullMarked;
