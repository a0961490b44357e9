package io.fleuve.alerts.outbox;

/** The ways in which people are told. */
public enum ChannelKind {
    CONSOLE("console"),
    TWILIO_SMS("twilio-sms"),
    SENDGRID_EMAIL("sendgrid-email"),
    WEBHOOK("webhook");

    private final String label;

    ChannelKind(String label) {
        this.label = label;
    }

    /** The channel as it stands in JSON and metric tags. */
    public String label() {
        return label;
    }
}
