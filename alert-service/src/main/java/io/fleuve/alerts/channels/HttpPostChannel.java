package io.fleuve.alerts.channels;

import io.fleuve.alerts.outbox.ChannelKind;
import io.fleuve.alerts.outbox.DeliveryOutcome;
import io.fleuve.alerts.outbox.LookupOutcome;
import io.fleuve.alerts.outbox.Notification;
import io.fleuve.alerts.outbox.NotificationChannel;
import io.fleuve.alerts.outbox.Redelivery;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * Posts messages to an HTTP endpoint; what it posts is the {@link PostRequests}' affair. What was
 * posted without an answer is posted again: generic webhooks know it by {@code Idempotency-Key},
 * PagerDuty by {@code dedup_key}, and in a chat a second line is bearable, a missing one is not.
 */
final class HttpPostChannel implements NotificationChannel, AutoCloseable {

    private final ChannelKind kind;
    private final Duration timeout;
    private final Function<Notification, HttpRequest.Builder> requests;
    private final InstantSource clock;
    private final HttpClient http;

    HttpPostChannel(
            ChannelKind kind,
            Duration timeout,
            Function<Notification, HttpRequest.Builder> requests,
            InstantSource clock) {
        this.kind = kind;
        this.timeout = timeout;
        this.requests = requests;
        this.clock = clock;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(timeout)
                        .build();
    }

    @Override
    public ChannelKind kind() {
        return kind;
    }

    @Override
    public Redelivery redelivery() {
        return Redelivery.REPEATABLE;
    }

    @Override
    public DeliveryOutcome send(Notification notification) {
        HttpRequest request = requests.apply(notification).timeout(timeout).build();
        try {
            return outcomeOf(http.send(request, HttpResponse.BodyHandlers.discarding()));
        } catch (ConnectException e) {
            return new DeliveryOutcome.Deferred("the " + name() + " cannot be reached", null);
        } catch (IOException e) {
            return new DeliveryOutcome.Uncertain(
                    "the %s did not answer: %s".formatted(name(), e.getClass().getSimpleName()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new DeliveryOutcome.Uncertain(
                    "interrupted while the %s was called".formatted(name()));
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
        String reason = "the %s answered %d".formatted(name(), status);
        if (status == 408 || status == 429 || status >= 500) {
            String header = response.headers().firstValue("Retry-After").orElse(null);
            return new DeliveryOutcome.Deferred(reason, RetryAfter.parse(header, clock.instant()));
        }
        return new DeliveryOutcome.Rejected(reason);
    }

    private String name() {
        return kind == ChannelKind.WEBHOOK ? "webhook" : kind.label() + " endpoint";
    }
}
