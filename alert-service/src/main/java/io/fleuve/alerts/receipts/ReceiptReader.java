package io.fleuve.alerts.receipts;

import com.twilio.security.RequestValidator;
import io.fleuve.alerts.outbox.Receipt;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Checks and reads receipts: Twilio's status callbacks and SendGrid's event webhook. */
public final class ReceiptReader {

    /** Where Twilio is told to report to. */
    public static final String TWILIO_PATH = "/receipts/twilio";

    private final ReceiptSettings settings;
    private final InstantSource clock;
    private final JsonMapper json = JsonMapper.builder().build();

    /** A receipt and the provider's name for the report. */
    public record Event(String id, Receipt receipt) {}

    public ReceiptReader(ReceiptSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Whether Twilio signed the callback: {@code X-Twilio-Signature}, over the public URL with its
     * query and the form's fields.
     */
    public boolean isTwilio(@Nullable String signature, String query, Map<String, String> form) {
        if (signature == null || settings.twilioAuthToken().isEmpty()) {
            return false;
        }
        String url = settings.publicUrl() + TWILIO_PATH + (query.isEmpty() ? "" : "?" + query);
        return new RequestValidator(settings.twilioAuthToken()).validate(url, form, signature);
    }

    /** What a status callback says; empty if nothing of interest. */
    public Optional<Event> twilio(UUID notification, Map<String, String> form) {
        String sid = form.getOrDefault("MessageSid", "");
        String status = form.getOrDefault("MessageStatus", "");
        Receipt receipt =
                switch (status) {
                    case "queued", "sending", "sent", "accepted" ->
                            new Receipt.Taken(notification, sid);
                    case "delivered", "read" -> new Receipt.Arrived(notification, sid);
                    case "failed", "undelivered" ->
                            new Receipt.Failed(
                                    notification,
                                    "Twilio could not deliver it: error "
                                            + form.getOrDefault("ErrorCode", "unknown"));
                    default -> null;
                };
        return receipt == null
                ? Optional.empty()
                : Optional.of(new Event(sid + "/" + status, receipt));
    }

    /** Whether SendGrid signed the events: ECDSA over timestamp and body, and not long ago. */
    public boolean isSendGrid(@Nullable String signature, @Nullable String timestamp, byte[] body) {
        if (signature == null || timestamp == null || settings.sendGridKey().isEmpty()) {
            return false;
        }
        try {
            Instant signedAt = Instant.ofEpochSecond(Long.parseLong(timestamp));
            if (Duration.between(signedAt, clock.instant()).abs().compareTo(settings.maxAge())
                    > 0) {
                return false;
            }
            PublicKey key =
                    KeyFactory.getInstance("EC")
                            .generatePublic(
                                    new X509EncodedKeySpec(
                                            Base64.getDecoder().decode(settings.sendGridKey())));
            Signature check = Signature.getInstance("SHA256withECDSA");
            check.initVerify(key);
            check.update(timestamp.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            check.update(body);
            return check.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException
                | IllegalArgumentException
                | java.time.DateTimeException e) {
            return false;
        }
    }

    /** The events of interest; those of other senders of the account are left out. */
    public List<Event> sendGrid(byte[] body) {
        List<Event> events = new ArrayList<>();
        try {
            for (JsonNode event : json.readTree(body)) {
                read(event).ifPresent(events::add);
            }
        } catch (JacksonException e) {
            return List.of();
        }
        return events;
    }

    private static Optional<Event> read(JsonNode event) {
        String id = event.path("sg_event_id").asString("");
        UUID notification;
        try {
            notification = UUID.fromString(event.path("fleuve_notification").asString(""));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        String mail = event.path("sg_message_id").asString("");
        Receipt receipt =
                switch (event.path("event").asString("")) {
                    case "processed", "deferred" -> new Receipt.Taken(notification, mail);
                    case "delivered", "open", "click" -> new Receipt.Arrived(notification, mail);
                    case "bounce", "dropped" ->
                            new Receipt.Failed(
                                    notification,
                                    "SendGrid could not deliver it: "
                                            + event.path("reason").asString("no reason given"));
                    default -> null;
                };
        return receipt == null || id.isEmpty()
                ? Optional.empty()
                : Optional.of(new Event(id, receipt));
    }
}
