package io.fleuve.alerts.channels;

import com.twilio.exception.ApiException;
import com.twilio.exception.TwilioException;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.rest.api.v2010.account.MessageCreator;
import com.twilio.rest.api.v2010.account.MessageReader;
import com.twilio.type.PhoneNumber;
import io.fleuve.alerts.outbox.ChannelKind;
import io.fleuve.alerts.outbox.DeliveryOutcome;
import io.fleuve.alerts.outbox.LookupOutcome;
import io.fleuve.alerts.outbox.Notification;
import io.fleuve.alerts.outbox.NotificationChannel;
import io.fleuve.alerts.outbox.Redelivery;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Texts alerts through Twilio's SDK.
 *
 * <p>Twilio's messages carry no idempotency token. After a time-out or a server error nobody knows
 * whether a message went out, so the account's messages to that number are listed before another is
 * sent: same sender, same text, not older than the first attempt. A {@code 429} was never processed
 * and may be repeated; other client errors (21211 no such number, 21610 unsubscribed, 20003
 * credentials) are final.
 */
final class TwilioSmsChannel implements NotificationChannel, AutoCloseable {

    private static final int MAX_BODY_CHARACTERS = 1_600;
    private static final long LOOKUP_PAGE = 100;

    /** Twilio's clock and ours need not agree to the second. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(2);

    private final TwilioSettings settings;
    private final String publicUrl;
    private final InstantSource clock;
    private final OneShotTwilioHttpClient http;
    private final TwilioRestClient client;

    TwilioSmsChannel(TwilioSettings settings, String publicUrl, InstantSource clock) {
        this.settings = settings;
        this.publicUrl = publicUrl;
        this.clock = clock;
        this.http = new OneShotTwilioHttpClient(settings.baseUrl());
        this.client =
                new TwilioRestClient.Builder(settings.accountSid(), settings.authToken())
                        .httpClient(http)
                        .build();
    }

    @Override
    public ChannelKind kind() {
        return ChannelKind.TWILIO_SMS;
    }

    @Override
    public Redelivery redelivery() {
        return Redelivery.LOOK_UP_FIRST;
    }

    @Override
    public DeliveryOutcome send(Notification notification) {
        http.forget();
        try {
            return new DeliveryOutcome.Accepted(creatorFor(notification).create(client).getSid());
        } catch (ApiException e) {
            return outcomeOf(e, http.lastAnswer());
        } catch (TwilioException e) {
            return neverLeft(e)
                    ? new DeliveryOutcome.Deferred("Twilio cannot be reached", null)
                    : new DeliveryOutcome.Uncertain(
                            "Twilio did not answer: " + rootOf(e).getClass().getSimpleName());
        }
    }

    @Override
    public LookupOutcome lookUp(Notification notification) {
        Instant firstAttemptAt = notification.firstAttemptAt();
        if (firstAttemptAt == null) {
            return new LookupOutcome.Absent();
        }
        MessageReader reader =
                Message.reader(settings.accountSid())
                        .setTo(new PhoneNumber(notification.recipient().address()))
                        .setPageSize(LOOKUP_PAGE);
        if (!isMessagingService()) {
            reader.setFrom(new PhoneNumber(settings.from()));
        }
        List<Message> latest;
        try {
            latest = reader.firstPage(client).getRecords();
        } catch (TwilioException e) {
            return new LookupOutcome.Unanswered("Twilio could not be asked about the message");
        }
        String body = bodyOf(notification);
        return latest.stream()
                .filter(m -> body.equals(m.getBody()) && !isOlder(m, firstAttemptAt))
                .findFirst()
                .map(TwilioSmsChannel::found)
                .orElseGet(LookupOutcome.Absent::new);
    }

    @Override
    public void close() throws IOException {
        http.close();
    }

    private MessageCreator creatorFor(Notification notification) {
        PhoneNumber to = new PhoneNumber(notification.recipient().address());
        String body = bodyOf(notification);
        MessageCreator creator =
                isMessagingService()
                        ? Message.creator(to, settings.from(), body)
                        : Message.creator(to, new PhoneNumber(settings.from()), body);
        return publicUrl.isEmpty()
                ? creator
                : creator.setStatusCallback(
                        URI.create(
                                publicUrl + "/receipts/twilio?notification=" + notification.id()));
    }

    private boolean isMessagingService() {
        return settings.from().startsWith("MG");
    }

    private static String bodyOf(Notification notification) {
        String body = notification.message().body();
        return body.length() <= MAX_BODY_CHARACTERS ? body : body.substring(0, MAX_BODY_CHARACTERS);
    }

    private DeliveryOutcome outcomeOf(
            ApiException e, OneShotTwilioHttpClient.@Nullable Answer answer) {
        if (answer == null) {
            return new DeliveryOutcome.Uncertain("Twilio did not answer");
        }
        int status = answer.status();
        if (status == 429) {
            return new DeliveryOutcome.Deferred(
                    "Twilio answered 429: too many requests",
                    RetryAfter.parse(answer.retryAfter(), clock.instant()));
        }
        if (status >= 400 && status < 500 && status != 408) {
            return new DeliveryOutcome.Rejected(
                    e.getCode() == null
                            ? "Twilio answered " + status
                            : "Twilio error %d: %s".formatted(e.getCode(), e.getMessage()));
        }
        return new DeliveryOutcome.Uncertain("Twilio answered " + status);
    }

    private static boolean isOlder(Message message, Instant firstAttemptAt) {
        return message.getDateCreated() != null
                && message.getDateCreated()
                        .toInstant()
                        .isBefore(firstAttemptAt.minus(CLOCK_TOLERANCE));
    }

    private static LookupOutcome found(Message message) {
        return switch (message.getStatus()) {
            case FAILED, UNDELIVERED, CANCELED ->
                    new LookupOutcome.FoundFailed(
                            message.getSid(),
                            "Twilio could not deliver it: error " + message.getErrorCode());
            case null -> new LookupOutcome.Found(message.getSid());
            case QUEUED,
                    SENDING,
                    SENT,
                    DELIVERED,
                    RECEIVING,
                    RECEIVED,
                    ACCEPTED,
                    SCHEDULED,
                    READ,
                    PARTIALLY_DELIVERED ->
                    new LookupOutcome.Found(message.getSid());
        };
    }

    /** Whether the connection was never made, so that nothing can have been sent. */
    private static boolean neverLeft(Throwable e) {
        Throwable root = rootOf(e);
        return root instanceof ConnectException
                || root instanceof UnknownHostException
                || root instanceof ConnectTimeoutException;
    }

    private static Throwable rootOf(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
