package io.fleuve.alerts.api;

import io.fleuve.alerts.store.AlertEntity;
import io.fleuve.alerts.store.AlertRepository;
import io.fleuve.alerts.store.AlertStatus;
import io.fleuve.alerts.store.NotificationRepository;
import io.fleuve.alerts.store.TransitionRepository;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Alerts, newest first. */
@RestController
@RequestMapping("/alerts")
class AlertsController {

    private final AlertRepository alerts;
    private final TransitionRepository transitions;
    private final NotificationRepository notifications;

    AlertsController(
            AlertRepository alerts,
            TransitionRepository transitions,
            NotificationRepository notifications) {
        this.alerts = alerts;
        this.transitions = transitions;
        this.notifications = notifications;
    }

    @GetMapping
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
    ResponseEntity<?> get(@PathVariable UUID id) {
        return alerts.findById(id)
                .<ResponseEntity<?>>map(row -> ResponseEntity.ok(detailed(row)))
                .orElseGet(() -> Problems.notFound("alert", id));
    }

    private AlertView.Detailed detailed(AlertEntity row) {
        return new AlertView.Detailed(
                AlertView.of(row),
                transitions.findByAlertIdOrderById(row.id()).stream()
                        .map(AlertView.TransitionView::of)
                        .toList(),
                notifications.findByAlertIdOrderByCreatedAt(row.id()).stream()
                        .map(NotificationView::of)
                        .toList());
    }
}
