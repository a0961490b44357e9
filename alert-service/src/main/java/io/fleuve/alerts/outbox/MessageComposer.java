package io.fleuve.alerts.outbox;

import io.fleuve.alerts.alerts.AlertAnnouncement;
import io.fleuve.alerts.alerts.Announcement;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Words an announcement as each channel can carry it. */
public final class MessageComposer {

    private final JsonMapper json = JsonMapper.builder().build();

    /** One message, whether it tells of one alert or of several. */
    public Message compose(ChannelKind channel, Announcement announcement) {
        List<AlertAnnouncement> alerts = announcement.alerts();
        AlertAnnouncement first = alerts.getFirst();
        if (alerts.size() == 1) {
            return compose(channel, first);
        }
        String places =
                alerts.stream().map(AlertAnnouncement::place).collect(Collectors.joining(", "));
        String subject =
                "%s %s: %s in %d places"
                        .formatted(
                                announcement.transition(),
                                announcement.severity().label(),
                                first.ruleName(),
                                alerts.size());
        return switch (channel) {
            case CONSOLE ->
                    new Message(
                            subject,
                            "ALERT %s  %s  %s"
                                            .formatted(
                                                    announcement.transition(),
                                                    announcement.severity().label(),
                                                    places)
                                    + alerts.stream()
                                            .map(a -> "\n  " + a.line())
                                            .collect(Collectors.joining()));
            case TWILIO_SMS -> new Message(subject, subject + ": " + places);
            case SENDGRID_EMAIL ->
                    new Message(
                            subject,
                            alerts.stream()
                                    .map(AlertAnnouncement::text)
                                    .collect(Collectors.joining("\n")));
            case WEBHOOK -> {
                ObjectNode object = object(first);
                alerts.forEach(a -> object.withArray("alerts").add(object(a)));
                yield new Message(subject, json.writeValueAsString(object));
            }
        };
    }

    private Message compose(ChannelKind channel, AlertAnnouncement announcement) {
        String subject = announcement.subject();
        return switch (channel) {
            case CONSOLE -> new Message(subject, announcement.line());
            case TWILIO_SMS -> new Message(subject, announcement.shortText());
            case SENDGRID_EMAIL -> new Message(subject, announcement.text());
            case WEBHOOK -> new Message(subject, payload(announcement));
        };
    }

    private String payload(AlertAnnouncement announcement) {
        return json.writeValueAsString(object(announcement));
    }

    private ObjectNode object(AlertAnnouncement announcement) {
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
        return object;
    }
}
