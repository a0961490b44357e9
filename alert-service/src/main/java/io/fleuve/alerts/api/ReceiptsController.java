package io.fleuve.alerts.api;

import io.fleuve.alerts.receipts.ReceiptReader;
import io.fleuve.alerts.store.PostgresOutboxStore;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What providers report after the fact; taken only with their signature. */
@RestController
@Tag(name = "receipts", description = "Signed webhooks of Twilio and SendGrid")
class ReceiptsController {

    private static final String NOTIFICATION = "notification";

    private final ReceiptReader reader;
    private final PostgresOutboxStore outbox;

    ReceiptsController(ReceiptReader reader, PostgresOutboxStore outbox) {
        this.reader = reader;
        this.outbox = outbox;
    }

    @PostMapping(
            value = ReceiptReader.TWILIO_PATH,
            consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    @Operation(summary = "Twilio's status callback, signed with X-Twilio-Signature")
    ResponseEntity<?> twilio(
            @RequestHeader(value = "X-Twilio-Signature", required = false)
                    @Nullable String signature,
            @RequestParam UUID notification,
            @RequestParam MultiValueMap<String, String> parameters) {
        MultiValueMap<String, String> fields = new LinkedMultiValueMap<>(parameters);
        fields.remove(NOTIFICATION);
        Map<String, String> form = fields.toSingleValueMap();
        if (!reader.isTwilio(signature, NOTIFICATION + "=" + notification, form)) {
            return forbidden();
        }
        reader.twilio(notification, form)
                .ifPresent(e -> outbox.receive("twilio", e.id(), e.receipt()));
        return ResponseEntity.noContent().build();
    }

    @PostMapping(value = "/receipts/sendgrid", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "SendGrid's signed event webhook; each sg_event_id counts once")
    ResponseEntity<?> sendGrid(
            @RequestHeader(value = "X-Twilio-Email-Event-Webhook-Signature", required = false)
                    @Nullable String signature,
            @RequestHeader(value = "X-Twilio-Email-Event-Webhook-Timestamp", required = false)
                    @Nullable String timestamp,
            @RequestBody byte[] body) {
        if (!reader.isSendGrid(signature, timestamp, body)) {
            return forbidden();
        }
        reader.sendGrid(body).forEach(e -> outbox.receive("sendgrid", e.id(), e.receipt()));
        return ResponseEntity.noContent().build();
    }

    private static ResponseEntity<ProblemDetail> forbidden() {
        return ResponseEntity.status(HttpStatus.FORBIDDEN)
                .body(
                        ProblemDetail.forStatusAndDetail(
                                HttpStatus.FORBIDDEN,
                                "the signature is missing, wrong or too old, or its key is not configured"));
    }
}
