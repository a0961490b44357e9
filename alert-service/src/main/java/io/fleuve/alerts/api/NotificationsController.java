package io.fleuve.alerts.api;

import io.fleuve.alerts.outbox.OutboxSettings;
import io.fleuve.alerts.outbox.OutboxWorker;
import io.fleuve.alerts.store.DeliveryStatus;
import io.fleuve.alerts.store.NotificationEntity;
import io.fleuve.alerts.store.NotificationRepository;
import io.fleuve.alerts.store.PostgresOutboxStore;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Messages to people, newest first. */
@RestController
@RequestMapping("/notifications")
class NotificationsController {

    private final NotificationRepository notifications;
    private final PostgresOutboxStore outbox;
    private final OutboxWorker worker;
    private final OutboxSettings settings;

    NotificationsController(
            NotificationRepository notifications,
            PostgresOutboxStore outbox,
            OutboxWorker worker,
            OutboxSettings settings) {
        this.notifications = notifications;
        this.outbox = outbox;
        this.worker = worker;
        this.settings = settings;
    }

    @GetMapping
    ResponseEntity<List<NotificationView>> list(
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        return Paging.answer(
                notifications.find(
                        EnumParameter.parse(DeliveryStatus.class, "state", state),
                        Paging.request(page, size)),
                NotificationView::of);
    }

    @GetMapping("/{id}")
    ResponseEntity<?> get(@PathVariable UUID id) {
        return notifications
                .findById(id)
                .<ResponseEntity<?>>map(row -> ResponseEntity.ok(NotificationView.of(row)))
                .orElseGet(() -> Problems.notFound("notification", id));
    }

    /** Sends a dead notification once more, after someone has mended what killed it. */
    @PostMapping("/{id}/retry")
    ResponseEntity<?> retry(@PathVariable UUID id) {
        if (!notifications.existsById(id)) {
            return Problems.notFound("notification", id);
        }
        Optional<NotificationEntity> revived = outbox.revive(id, settings.maxAge());
        if (revived.isEmpty()) {
            return Problems.conflict("only a notification in the state DEAD can be sent again");
        }
        worker.wake();
        return ResponseEntity.accepted().body(NotificationView.of(revived.get()));
    }
}
