/**
 * Getting messages to people, once. {@link io.fleuve.alerts.outbox.DeliveryState} is the state
 * machine of one message to one recipient, {@link io.fleuve.alerts.outbox.DeliveryPolicy} decides
 * its transitions, {@link io.fleuve.alerts.outbox.OutboxWorker} does the work. Channels and the
 * database stand behind the ports {@link io.fleuve.alerts.outbox.NotificationChannel} and {@link
 * io.fleuve.alerts.outbox.OutboxStore}; neither is known here.
 */
@NullMarked
package io.fleuve.alerts.outbox;

import org.jspecify.annotations.NullMarked;
