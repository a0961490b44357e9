package io.fleuve.alerts.outbox;

import java.util.Arrays;
import java.util.Optional;

/** The ways in which people are told. */
public enum ChannelKind {
    CONSOLE("console"),
    TWILIO_SMS("twilio-sms"),
    SENDGRID_EMAIL("sendgrid-email"),
    SMTP_EMAIL("smtp-email"),
    SLACK("slack"),
    TEAMS("teams"),
    PAGERDUTY("pagerduty"),
    NTFY("ntfy"),
    WEBHOOK("webhook");

    private final String label;

    ChannelKind(String label) {
        this.label = label;
    }

    /** The channel as it stands in JSON and metric tags. */
    public String label() {
        return label;
    }

    /** The channel of that label, whatever its case. */
    public static Optional<ChannelKind> ofLabel(String label) {
        return Arrays.stream(values()).filter(k -> k.label.equalsIgnoreCase(label)).findFirst();
    }
}
