package io.fleuve.alerts.outbox;

import io.fleuve.alerts.alerts.AlertAnnouncement;
import io.fleuve.alerts.alerts.Announcement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Words an announcement as each channel can carry it. */
public final class MessageComposer {

    private final JsonMapper json = JsonMapper.builder().build();
    private final Map<Language, Wording> wordings = new EnumMap<>(Language.class);
    private final int smsSegments;

    /**
     * @param smsSegments most segments of an SMS
     */
    public MessageComposer(int smsSegments) {
        this.smsSegments = smsSegments;
        for (Language language : Language.values()) {
            wordings.put(language, new Wording(language));
        }
    }

    /**
     * One message, whether it tells of one alert or of several.
     *
     * @param unsubscribe link for mails, if the recipient can unsubscribe
     */
    public Message compose(
            ChannelKind channel,
            Announcement announcement,
            Language language,
            @Nullable String unsubscribe) {
        Wording wording = wording(language);
        String subject = wording.subject(announcement);
        String lines = String.join("\n", wording.lines(announcement));
        return switch (channel) {
            case CONSOLE ->
                    new Message(
                            subject,
                            announcement.alerts().size() == 1 ? lines : subject + "\n" + lines);
            case TWILIO_SMS ->
                    new Message(subject, SmsText.fit(wording.shortText(announcement), smsSegments));
            case SENDGRID_EMAIL, SMTP_EMAIL ->
                    new Message(subject, wording.text(announcement) + end(wording, unsubscribe));
            case SLACK, TEAMS, NTFY -> new Message(subject, lines);
            case PAGERDUTY -> new Message(subject, event(announcement, subject));
            case WEBHOOK -> {
                List<AlertAnnouncement> alerts = announcement.alerts();
                ObjectNode object = object(alerts.getFirst());
                if (alerts.size() > 1) {
                    alerts.forEach(a -> object.withArray("alerts").add(object(a)));
                }
                yield new Message(subject, json.writeValueAsString(object));
            }
        };
    }

    /**
     * A message that shows that a recipient can be reached.
     *
     * @param unsubscribe link for mails, if the recipient can unsubscribe
     */
    public Message test(
            ChannelKind channel, Language language, String key, @Nullable String unsubscribe) {
        Wording wording = wording(language);
        String text = wording.test();
        return switch (channel) {
            case CONSOLE, TWILIO_SMS, SLACK, TEAMS, NTFY -> new Message(text, text);
            case SENDGRID_EMAIL, SMTP_EMAIL ->
                    new Message(text, text + "\n" + end(wording, unsubscribe));
            case WEBHOOK ->
                    new Message(
                            text,
                            json.writeValueAsString(
                                    json.createObjectNode().put("test", true).put("text", text)));
            case PAGERDUTY -> {
                ObjectNode event = json.createObjectNode();
                event.put("event_action", "trigger").put("dedup_key", key);
                event.putObject("payload")
                        .put("summary", text)
                        .put("source", "fleuve")
                        .put("severity", "info");
                yield new Message(text, json.writeValueAsString(event));
            }
        };
    }

    private static String end(Wording wording, @Nullable String unsubscribe) {
        return unsubscribe == null ? "" : "\n" + wording.unsubscribe(unsubscribe) + "\n";
    }

    private Wording wording(Language language) {
        Wording wording = wordings.get(language);
        if (wording == null) {
            throw new IllegalStateException("no words in " + language);
        }
        return wording;
    }

    /** An event of PagerDuty's Events API v2, without its routing key. */
    private String event(Announcement announcement, String subject) {
        AlertAnnouncement first = announcement.alerts().getFirst();
        ObjectNode event = json.createObjectNode();
        event.put(
                "event_action",
                switch (announcement.transition()) {
                    case FIRING, NO_DATA, REPEATED, ESCALATED -> "trigger";
                    case ACKNOWLEDGED -> "acknowledge";
                    case RESOLVED -> "resolve";
                });
        event.put("dedup_key", first.episode().id());
        ObjectNode payload = event.putObject("payload");
        payload.put("summary", subject.length() <= 1024 ? subject : subject.substring(0, 1024));
        payload.put("source", first.place());
        payload.put("severity", announcement.severity().label());
        payload.put("timestamp", first.windowEnd().toString());
        payload.set("custom_details", object(first));
        return json.writeValueAsString(event);
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
