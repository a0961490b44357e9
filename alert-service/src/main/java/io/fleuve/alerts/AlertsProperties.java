package io.fleuve.alerts;

import io.fleuve.alerts.channels.ConsoleMode;
import io.fleuve.alerts.channels.SendGridSettings;
import io.fleuve.alerts.channels.TwilioSettings;
import io.fleuve.alerts.channels.WebhookSettings;
import io.fleuve.alerts.outbox.OutboxSettings;
import io.fleuve.alerts.readings.ReadingLimits;
import io.fleuve.alerts.streams.StreamsSettings;
import io.fleuve.alerts.streams.TopicSettings;
import io.fleuve.alerts.streams.Windowing;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * All settings of the service; {@code alert-service.yml} gives each its default. Each part checks
 * itself.
 *
 * @param window size of the windows, in event time
 * @param grace how long a window waits for readings out of order, in event time
 * @param idleAfter how long a region must be silent before the wall clock may close its windows
 * @param maxRules most rules that are kept
 * @param console when alerts are printed on standard output
 */
@ConfigurationProperties("fleuve.alerts")
public record AlertsProperties(
        Duration window,
        Duration grace,
        Duration idleAfter,
        int maxRules,
        ConsoleMode console,
        ReadingLimits readings,
        TopicSettings topics,
        StreamsSettings streams,
        OutboxSettings outbox,
        TwilioSettings twilio,
        SendGridSettings sendgrid,
        WebhookSettings webhook) {

    public AlertsProperties {
        if (maxRules < 1) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.max-rules must be at least 1, but is " + maxRules);
        }
    }

    Windowing windowing() {
        return new Windowing(window, grace, idleAfter);
    }
}
