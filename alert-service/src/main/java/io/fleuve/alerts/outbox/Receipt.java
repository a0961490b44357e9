package io.fleuve.alerts.outbox;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a provider reports, after the fact, about one message. */
public sealed interface Receipt {

    UUID notification();

    /** It was taken, and is on its way. */
    record Taken(UUID notification, @Nullable String providerId) implements Receipt {}

    /** It arrived. */
    record Arrived(UUID notification, @Nullable String providerId) implements Receipt {}

    /** It could not be delivered. */
    record Failed(UUID notification, String reason) implements Receipt {}

    /** The notification as the receipt leaves it; a late or repeated one changes nothing. */
    default Notification applyTo(Notification notification) {
        return switch (this) {
            case Taken(_, String providerId) -> notification.taken(providerId);
            case Arrived(_, String providerId) -> notification.arrived(providerId);
            case Failed(_, String reason) -> notification.failed(reason);
        };
    }
}
