package io.fleuve.alerts.channels;

import com.sendgrid.Client;
import com.sendgrid.Method;
import com.sendgrid.Request;
import com.sendgrid.Response;
import com.sendgrid.SendGrid;
import com.sendgrid.helpers.mail.Mail;
import com.sendgrid.helpers.mail.objects.Content;
import com.sendgrid.helpers.mail.objects.Email;
import com.sendgrid.helpers.mail.objects.Personalization;
import io.fleuve.alerts.outbox.ChannelKind;
import io.fleuve.alerts.outbox.DeliveryOutcome;
import io.fleuve.alerts.outbox.LookupOutcome;
import io.fleuve.alerts.outbox.Notification;
import io.fleuve.alerts.outbox.NotificationChannel;
import io.fleuve.alerts.outbox.Redelivery;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.Map;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.conn.ConnectTimeoutException;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Mails alerts through SendGrid's SDK.
 *
 * <p>{@code api()} sends once; the SDK's {@code attempt()} would retry in a thread pool of its own
 * and is not used. The SDK's own HTTP client has no time-outs, so it is given one that has. A mail
 * that may have gone out is sent again: a second mail is bearable, a missing one is not, and
 * SendGrid offers no look-up. {@code custom_args} carry the notification's id, by which SendGrid's
 * event webhook names it.
 */
final class SendGridEmailChannel implements NotificationChannel, AutoCloseable {

    private static final int MAX_CONNECTIONS = 16;

    private final SendGridSettings settings;
    private final InstantSource clock;
    private final CloseableHttpClient http;
    private final SendGrid sendGrid;
    private final JsonMapper json = JsonMapper.builder().build();

    SendGridEmailChannel(SendGridSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        int timeoutMs = Math.toIntExact(settings.timeout().toMillis());
        this.http =
                HttpClients.custom()
                        .setDefaultRequestConfig(
                                RequestConfig.custom()
                                        .setConnectTimeout(timeoutMs)
                                        .setConnectionRequestTimeout(timeoutMs)
                                        .setSocketTimeout(timeoutMs)
                                        .build())
                        .setMaxConnPerRoute(MAX_CONNECTIONS)
                        .setMaxConnTotal(MAX_CONNECTIONS)
                        .disableAutomaticRetries()
                        .disableRedirectHandling()
                        .build();
        boolean plain = "http".equals(settings.baseUrl().getScheme());
        this.sendGrid = new SendGrid(settings.apiKey(), new Client(http, plain));
        this.sendGrid.setHost(settings.baseUrl().getAuthority());
    }

    @Override
    public ChannelKind kind() {
        return ChannelKind.SENDGRID_EMAIL;
    }

    @Override
    public Redelivery redelivery() {
        return Redelivery.REPEATABLE;
    }

    @Override
    public DeliveryOutcome send(Notification notification) {
        try {
            Request request = new Request();
            request.setMethod(Method.POST);
            request.setEndpoint("mail/send");
            request.setBody(mailFor(notification).build());
            return outcomeOf(sendGrid.api(request));
        } catch (ConnectException | ConnectTimeoutException | UnknownHostException e) {
            return new DeliveryOutcome.Deferred("SendGrid cannot be reached", null);
        } catch (IOException e) {
            return new DeliveryOutcome.Uncertain(
                    "SendGrid did not answer: " + e.getClass().getSimpleName());
        }
    }

    @Override
    public LookupOutcome lookUp(Notification notification) {
        return new LookupOutcome.Absent();
    }

    @Override
    public void close() throws IOException {
        http.close();
    }

    private Mail mailFor(Notification notification) {
        Personalization personalization = new Personalization();
        personalization.addTo(new Email(notification.recipient().address()));
        personalization.addCustomArg("fleuve_notification", notification.id().toString());
        Mail mail = new Mail();
        mail.setFrom(new Email(settings.from()));
        mail.setSubject(notification.message().subject());
        mail.addContent(new Content("text/plain", notification.message().body()));
        mail.addPersonalization(personalization);
        return mail;
    }

    private DeliveryOutcome outcomeOf(Response response) {
        int status = response.getStatusCode();
        if (status / 100 == 2) {
            return new DeliveryOutcome.Accepted(header(response, "X-Message-Id"));
        }
        if (status == 429 || status >= 500) {
            return new DeliveryOutcome.Deferred(
                    "SendGrid answered " + status,
                    RetryAfter.parse(header(response, "Retry-After"), clock.instant()));
        }
        return new DeliveryOutcome.Rejected(
                "SendGrid answered %d%s".formatted(status, firstError(response.getBody())));
    }

    /** The SDK keeps header names in the server's case. */
    private static @Nullable String header(Response response, String name) {
        Map<String, String> headers = response.getHeaders();
        if (headers == null) {
            return null;
        }
        return headers.entrySet().stream()
                .filter(e -> e.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private String firstError(@Nullable String body) {
        try {
            String message =
                    json.readTree(body == null ? "" : body)
                            .path("errors")
                            .path(0)
                            .path("message")
                            .asString("");
            return message.isEmpty() ? "" : ": " + message;
        } catch (JacksonException e) {
            return "";
        }
    }
}
