/**
 * The ways out: Twilio and SendGrid through their own SDKs, any HTTP endpoint, and the console.
 * Each adapter is a {@link io.fleuve.alerts.outbox.NotificationChannel} that tries once and says
 * what came of it; {@link io.fleuve.alerts.channels.ConfiguredChannels} makes those that the
 * configuration asks for. Retries, states and the database are none of its business.
 */
@NullMarked
package io.fleuve.alerts.channels;

import org.jspecify.annotations.NullMarked;
