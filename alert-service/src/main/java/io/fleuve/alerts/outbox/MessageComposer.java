package io.fleuve.alerts.outbox;

import io.fleuve.alerts.alerts.AlertAnnouncement;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Words an announcement as each channel can carry it. */
public final class MessageComposer {

    private final JsonMapper json = JsonMapper.builder().build();

    public Message compose(ChannelKind channel, AlertAnnouncement announcement) {
        String subject = announcement.subject();
        return switch (channel) {
            case CONSOLE -> new Message(subject, announcement.line());
            case TWILIO_SMS -> new Message(subject, announcement.shortText());
            case SENDGRID_EMAIL -> new Message(subject, announcement.text());
            case WEBHOOK -> new Message(subject, payload(announcement));
        };
    }

    private String payload(AlertAnnouncement announcement) {
        ObjectNode object = json.createObjectNode();
        object.put("alertId", announcement.alertId().toString());
        object.put("episode", announcement.episode().id());
        object.put("transition", announcement.transition().name());
        object.put("rule", announcement.ruleName());
        object.put("severity", announcement.severity().label());
        object.put("region", announcement.region());
        object.put("average", announcement.value());
        object.put("limit", announcement.limit());
        object.put("windowStart", announcement.windowStart().toString());
        object.put("windowEnd", announcement.windowEnd().toString());
        switch (announcement.transition()) {
            case FIRING, NO_DATA, REPEATED, ACKNOWLEDGED, ESCALATED -> {}
            case RESOLVED -> object.put("reason", announcement.reason().code());
        }
        object.put("text", announcement.line());
        return json.writeValueAsString(object);
    }
}
