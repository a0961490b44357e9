package io.fleuve.alerts.channels;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fleuve.alerts.outbox.Notification;
import java.net.URI;
import java.net.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The requests of providers that take JSON by HTTP. */
final class PostRequests {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private PostRequests() {}

    /**
     * A generic webhook. With a secret, {@code X-Fleuve-Signature} is {@code v1=} and the
     * hexadecimal HMAC-SHA256 of {@code <X-Fleuve-Timestamp>.<body>}; the timestamp, seconds since
     * 1970, lets the receiver refuse what is old.
     */
    static HttpRequest.Builder webhook(
            WebhookSettings settings, Notification notification, InstantSource clock) {
        String body = notification.message().body();
        HttpRequest.Builder request =
                json(URI.create(settings.url()), body)
                        .header("Idempotency-Key", notification.id().toString());
        if (!settings.secret().isEmpty()) {
            long timestamp = clock.instant().getEpochSecond();
            request.header("X-Fleuve-Timestamp", Long.toString(timestamp));
            request.header(
                    "X-Fleuve-Signature",
                    "v1=" + signature(settings.secret(), timestamp + "." + body));
        }
        return request;
    }

    /** An incoming webhook of Slack, which gives {@code &}, {@code <} and {@code >} a meaning. */
    static HttpRequest.Builder slack(URI url, Notification notification) {
        String text =
                notification
                        .message()
                        .body()
                        .replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;");
        return json(url, JSON.writeValueAsString(JSON.createObjectNode().put("text", text)));
    }

    /** A webhook of Teams (Workflows): a message with one adaptive card. */
    static HttpRequest.Builder teams(URI url, Notification notification) {
        ObjectNode message = JSON.createObjectNode().put("type", "message");
        ObjectNode attachment = message.putArray("attachments").addObject();
        attachment.put("contentType", "application/vnd.microsoft.card.adaptive");
        ObjectNode card = attachment.putObject("content");
        card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        card.put("type", "AdaptiveCard").put("version", "1.4");
        card.putArray("body")
                .addObject()
                .put("type", "TextBlock")
                .put("wrap", true)
                .put("text", notification.message().body());
        return json(url, JSON.writeValueAsString(message));
    }

    /** PagerDuty's Events API v2; the message is the event without its routing key. */
    static HttpRequest.Builder pagerDuty(
            DeliveryChannels.PagerDuty settings, Notification notification) {
        ObjectNode event = (ObjectNode) JSON.readTree(notification.message().body());
        event.put("routing_key", settings.routingKey());
        return json(URI.create(settings.baseUrl() + "/v2/enqueue"), JSON.writeValueAsString(event));
    }

    /** Publishing to ntfy as JSON, which allows other characters than ASCII in the title. */
    static HttpRequest.Builder ntfy(DeliveryChannels.Ntfy settings, Notification notification) {
        String address = notification.recipient().address();
        ObjectNode message = JSON.createObjectNode();
        message.put("topic", address);
        message.put("title", notification.message().subject());
        message.put("message", notification.message().body());
        HttpRequest.Builder request =
                json(URI.create(settings.baseUrl()), JSON.writeValueAsString(message));
        return settings.token().isEmpty()
                ? request
                : request.header("Authorization", "Bearer " + settings.token());
    }

    static String signature(String secret, String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(signed.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA256", e);
        }
    }

    private static HttpRequest.Builder json(URI url, String body) {
        return HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }
}
