package io.fleuve.alerts.channels;

import io.fleuve.alerts.outbox.ChannelKind;
import io.fleuve.alerts.outbox.DeliveryOutcome;
import io.fleuve.alerts.outbox.LookupOutcome;
import io.fleuve.alerts.outbox.Notification;
import io.fleuve.alerts.outbox.NotificationChannel;
import io.fleuve.alerts.outbox.Redelivery;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;

/**
 * Posts alerts as JSON. Every attempt of a notification carries the same {@code Idempotency-Key},
 * so that the receiver can drop duplicates; that makes repeating safe.
 */
final class WebhookChannel implements NotificationChannel, AutoCloseable {

    private final WebhookSettings settings;
    private final InstantSource clock;
    private final HttpClient http;

    WebhookChannel(WebhookSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(settings.timeout())
                        .build();
    }

    @Override
    public ChannelKind kind() {
        return ChannelKind.WEBHOOK;
    }

    @Override
    public Redelivery redelivery() {
        return Redelivery.REPEATABLE;
    }

    @Override
    public DeliveryOutcome send(Notification notification) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(settings.url()))
                        .timeout(settings.timeout())
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", notification.id().toString())
                        .POST(HttpRequest.BodyPublishers.ofString(notification.message().body()))
                        .build();
        try {
            return outcomeOf(http.send(request, HttpResponse.BodyHandlers.discarding()));
        } catch (ConnectException e) {
            return new DeliveryOutcome.Deferred("the webhook cannot be reached", null);
        } catch (IOException e) {
            return new DeliveryOutcome.Uncertain(
                    "the webhook did not answer: " + e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new DeliveryOutcome.Uncertain("interrupted while the webhook was called");
        }
    }

    @Override
    public LookupOutcome lookUp(Notification notification) {
        return new LookupOutcome.Absent();
    }

    @Override
    public void close() {
        http.close();
    }

    private DeliveryOutcome outcomeOf(HttpResponse<Void> response) {
        int status = response.statusCode();
        if (status / 100 == 2) {
            return new DeliveryOutcome.Accepted(null);
        }
        String reason = "the webhook answered " + status;
        if (status == 408 || status == 429 || status >= 500) {
            String header = response.headers().firstValue("Retry-After").orElse(null);
            return new DeliveryOutcome.Deferred(reason, RetryAfter.parse(header, clock.instant()));
        }
        return new DeliveryOutcome.Rejected(reason);
    }
}
