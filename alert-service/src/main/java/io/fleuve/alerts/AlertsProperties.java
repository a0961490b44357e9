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
import io.fleuve.alerts.windows.Aggregation;
import io.fleuve.alerts.windows.AggregationsInUse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
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
        WindowsProperties windows,
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

    Windowing windowing(AggregationsInUse inUse) {
        return new Windowing(
                Aggregation.tumbling(window, grace),
                Objects.requireNonNullElse(windows.also(), List.<Duration>of()).stream()
                        .map(size -> Aggregation.tumbling(size, grace))
                        .toList(),
                inUse,
                idleAfter,
                windows.refreshEvery(),
                windows.maxSeries());
    }
}
