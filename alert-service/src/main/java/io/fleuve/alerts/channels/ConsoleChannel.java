package io.fleuve.alerts.channels;

import io.fleuve.alerts.outbox.ChannelKind;
import io.fleuve.alerts.outbox.DeliveryOutcome;
import io.fleuve.alerts.outbox.LookupOutcome;
import io.fleuve.alerts.outbox.Notification;
import io.fleuve.alerts.outbox.NotificationChannel;
import io.fleuve.alerts.outbox.Redelivery;
import java.io.PrintStream;

/** Prints each alert as one line, for a service that has nobody to tell yet. */
final class ConsoleChannel implements NotificationChannel {

    private final PrintStream out;

    ConsoleChannel(PrintStream out) {
        this.out = out;
    }

    @Override
    public ChannelKind kind() {
        return ChannelKind.CONSOLE;
    }

    @Override
    public Redelivery redelivery() {
        return Redelivery.REPEATABLE;
    }

    @Override
    public DeliveryOutcome send(Notification notification) {
        out.println(notification.message().body());
        return new DeliveryOutcome.Accepted(null);
    }

    @Override
    public LookupOutcome lookUp(Notification notification) {
        return new LookupOutcome.Absent();
    }
}
