package io.fleuve.alerts.api;

import io.fleuve.alerts.outbox.OutboxWorker;
import io.fleuve.alerts.store.SubscriberBook;
import io.fleuve.alerts.store.SubscriberBook.Kept;
import io.fleuve.alerts.subscribers.SubscriberDraft;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/** People who are told about alerts. */
@RestController
@Tag(name = "subscribers", description = "People who are told about alerts")
class SubscribersController {

    private static final String EXAMPLE =
            """
            {"name": "Awa", "channels": [{"channel": "twilio-sms", "address": "+221700000001",
                "fallback": {"channel": "smtp-email", "address": "awa@example.org"}}],
             "regions": ["dakar"], "severities": ["warning", "critical"], "language": "fr",
             "quietHours": {"from": "22:00", "to": "06:00", "zone": "Africa/Dakar", "criticalOverrides": true,
                            "policy": "delay"}}""";

    private final SubscriberBook subscribers;
    private final OutboxWorker worker;

    SubscribersController(SubscriberBook subscribers, OutboxWorker worker) {
        this.subscribers = subscribers;
        this.worker = worker;
    }

    @GetMapping("/subscribers")
    @Operation(
            summary =
                    "All subscribers, by name; those that the environment names are not among them")
    List<SubscriberView> list() {
        return subscribers.all().stream().map(SubscriberView::of).toList();
    }

    @GetMapping("/subscribers/{id}")
    @Operation(summary = "One subscriber")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = SubscriberView.class)))
    ResponseEntity<?> get(@PathVariable UUID id) {
        return subscribers
                .find(id)
                .<ResponseEntity<?>>map(row -> ResponseEntity.ok(SubscriberView.of(row)))
                .orElseGet(() -> Problems.notFound("subscriber", id));
    }

    @PostMapping("/subscribers")
    @Operation(
            summary = "Adds a subscriber",
            description =
                    "channel is one of console, twilio-sms, sendgrid-email, smtp-email, slack, teams, pagerduty, ntfy,"
                            + " webhook; where slack, teams, pagerduty, webhook and console go is the operator's setting.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            examples = @ExampleObject(EXAMPLE))))
    @ApiResponse(
            responseCode = "201",
            content = @Content(schema = @Schema(implementation = SubscriberView.class)))
    ResponseEntity<?> create(@RequestBody SubscriberDraft draft) {
        return keep(draft, UUID.randomUUID(), true);
    }

    @PutMapping("/subscribers/{id}")
    @Operation(summary = "Replaces a subscriber; one who had unsubscribed is told again")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = SubscriberView.class)))
    ResponseEntity<?> replace(@PathVariable UUID id, @RequestBody SubscriberDraft draft) {
        return keep(draft, id, false);
    }

    @DeleteMapping("/subscribers/{id}")
    @Operation(summary = "Removes a subscriber; what waits for it is not sent any more")
    ResponseEntity<?> delete(@PathVariable UUID id) {
        return subscribers.remove(id)
                ? ResponseEntity.noContent().build()
                : Problems.notFound("subscriber", id);
    }

    @PostMapping("/subscribers/{id}/test")
    @Operation(summary = "Sends a test message through each of the subscriber's channels")
    ResponseEntity<?> test(@PathVariable UUID id) {
        List<UUID> sent = subscribers.test(id);
        if (sent.isEmpty()) {
            return Problems.notFound("active subscriber", id);
        }
        worker.wake();
        return ResponseEntity.accepted().body(Map.of("notifications", sent));
    }

    /** Only asks: programs that look at links in mails must not unsubscribe anyone. */
    @GetMapping(value = "/unsubscribe", produces = MediaType.TEXT_HTML_VALUE)
    @Operation(summary = "A page that asks whether to unsubscribe")
    String ask(@RequestParam String token) {
        return """
                <!doctype html><meta charset="utf-8"><title>Fleuve</title>
                <form method="post" action="unsubscribe?token=%s"><button>Unsubscribe / Se désabonner</button></form>
                """
                .formatted(HtmlUtils.htmlEscape(token));
    }

    @PostMapping(value = "/unsubscribe", produces = MediaType.TEXT_PLAIN_VALUE)
    @Operation(summary = "Ends a subscription for whoever holds its signed link (RFC 8058)")
    ResponseEntity<String> unsubscribe(@RequestParam String token) {
        return subscribers.unsubscribe(token)
                ? ResponseEntity.ok("You will not be told any more. / Vous ne serez plus averti.\n")
                : ResponseEntity.badRequest()
                        .body("The link is not valid. / Le lien n'est pas valable.\n");
    }

    private ResponseEntity<?> keep(SubscriberDraft draft, UUID id, boolean isNew) {
        return switch (draft.check(id)) {
            case SubscriberDraft.Checked.Invalid(List<SubscriberDraft.Problem> problems) ->
                    Problems.invalidSubscriber(problems);
            case SubscriberDraft.Checked.Valid _ ->
                    switch (isNew ? subscribers.add(id, draft) : subscribers.change(id, draft)) {
                        case Kept.Done(var row) ->
                                ResponseEntity.status(isNew ? HttpStatus.CREATED : HttpStatus.OK)
                                        .location(URI.create("/subscribers/" + id))
                                        .body(SubscriberView.of(row));
                        case Kept.NameTaken() ->
                                Problems.conflict(
                                        "another subscriber has the name \"%s\"; use another one"
                                                .formatted(draft.name()));
                        case Kept.Full(int max) ->
                                Problems.conflict(
                                        "there are %d subscribers, which is as many as there may be; delete one first"
                                                .formatted(max));
                        case Kept.Missing() -> Problems.notFound("subscriber", id);
                    };
        };
    }
}
