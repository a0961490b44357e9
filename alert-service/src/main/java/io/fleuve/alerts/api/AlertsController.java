package io.fleuve.alerts.api;

import io.fleuve.alerts.alerts.AlertStatus;
import io.fleuve.alerts.store.AlertDesk;
import io.fleuve.alerts.store.AlertDesk.Done;
import io.fleuve.alerts.store.AlertEntity;
import io.fleuve.alerts.store.AlertRepository;
import io.fleuve.alerts.store.NotificationRepository;
import io.fleuve.alerts.store.TransitionRepository;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Alerts, newest first. */
@RestController
@RequestMapping("/alerts")
@Tag(name = "alerts", description = "What is wrong, what was, and who takes care of it")
class AlertsController {

    private static final String REMARK =
            "{\"by\": \"awa\", \"comment\": \"the fans are on, watching\"}";

    private final AlertRepository alerts;
    private final TransitionRepository transitions;
    private final NotificationRepository notifications;
    private final AlertDesk desk;

    AlertsController(
            AlertRepository alerts,
            TransitionRepository transitions,
            NotificationRepository notifications,
            AlertDesk desk) {
        this.alerts = alerts;
        this.transitions = transitions;
        this.notifications = notifications;
        this.desk = desk;
    }

    @GetMapping
    @Operation(
            summary = "Alerts, newest first",
            description =
                    "state is pending, firing, recovering, no_data, resolved, or inactive for alerts that were"
                            + " pending and lapsed, which are left out otherwise.")
    ResponseEntity<List<AlertView>> list(
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String region,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        return Paging.answer(
                alerts.find(
                        EnumParameter.parse(AlertStatus.class, "state", state),
                        region,
                        Paging.request(page, size)),
                AlertView::of);
    }

    @GetMapping("/{id}")
    @Operation(summary = "One alert, its history and the messages about it")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = AlertView.Detailed.class)))
    ResponseEntity<?> get(@PathVariable UUID id) {
        return alerts.findById(id)
                .<ResponseEntity<?>>map(row -> ResponseEntity.ok(detailed(row)))
                .orElseGet(() -> Problems.notFound("alert", id));
    }

    @GetMapping("/{id}/history")
    @Operation(summary = "All that happened to an alert, oldest first, with the reasons")
    ResponseEntity<?> history(
            @PathVariable UUID id,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        return alerts.existsById(id)
                ? Paging.answer(
                        transitions.findByAlertIdOrderById(id, Paging.request(page, size)),
                        AlertView.TransitionView::of)
                : Problems.notFound("alert", id);
    }

    @PostMapping("/{id}/acknowledge")
    @Operation(
            summary = "Takes charge of an open alert",
            description = "It is not repeated and calls nobody in any more; its end is still told.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            examples = @ExampleObject(REMARK))))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = AlertView.class)))
    ResponseEntity<?> acknowledge(@PathVariable UUID id, @RequestBody RemarkRequest remark) {
        return answer(id, desk.acknowledge(id, remark.author(), remark.text()));
    }

    @PostMapping("/{id}/comments")
    @Operation(
            summary = "Writes a comment into the history of an alert",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            examples = @ExampleObject(REMARK))))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = AlertView.class)))
    ResponseEntity<?> comment(@PathVariable UUID id, @RequestBody RemarkRequest remark) {
        String text = remark.text();
        if (text.isBlank()) {
            throw new BadParameterException("comment", "must not be empty");
        }
        return answer(id, desk.comment(id, remark.author(), text));
    }

    private static ResponseEntity<?> answer(UUID id, Done done) {
        return switch (done) {
            case Done.Written(AlertEntity alert) -> ResponseEntity.ok(AlertView.of(alert));
            case Done.NotOpen(AlertEntity alert) ->
                    Problems.conflict(
                            "only an open alert can be acknowledged; this one is "
                                    + alert.state().name());
            case Done.TakenBy(String who) ->
                    Problems.conflict("%s has acknowledged it already".formatted(who));
            case Done.Missing() -> Problems.notFound("alert", id);
        };
    }

    private AlertView.Detailed detailed(AlertEntity row) {
        return new AlertView.Detailed(
                AlertView.of(row),
                transitions.findByAlertIdOrderById(row.id()).stream()
                        .map(AlertView.TransitionView::of)
                        .toList(),
                notifications.findByAlert(row.id()).stream().map(NotificationView::of).toList());
    }
}
