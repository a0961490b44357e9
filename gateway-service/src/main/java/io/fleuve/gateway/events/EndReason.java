package io.fleuve.gateway.events;

import java.util.Locale;

/** Why the gateway ended a reader's events. */
enum EndReason {
    /** The reader takes records more slowly than they come. */
    SLOW_READER,
    /** The topic was deleted, or deleted and created again. */
    TOPIC_DELETED,
    /** The brokers refuse, or cannot deliver, for a reason that does not pass by itself. */
    FAILED,
    /** The gateway is going down. */
    SHUTDOWN;

    /** As events and metrics spell it. */
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
