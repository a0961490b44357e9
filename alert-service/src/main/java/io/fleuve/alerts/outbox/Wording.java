package io.fleuve.alerts.outbox;

import io.fleuve.alerts.alerts.AlertAnnouncement;
import io.fleuve.alerts.alerts.Announcement;
import io.fleuve.alerts.alerts.Finding;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/** The words of messages in one language. */
final class Wording {

    private static final DateTimeFormatter DAY_AND_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

    private final Language language;
    private final Properties phrases = new Properties();

    Wording(Language language) {
        this.language = language;
        switch (language) {
            case ENGLISH -> {
                phrases.setProperty("unsubscribe", "To stop these messages: %s");
                phrases.setProperty(
                        "test", "Test message from Fleuve: alerts will reach you here.");
            }
            case FRENCH -> load("wording_fr.properties");
        }
    }

    String test() {
        return phrase("test");
    }

    String unsubscribe(String link) {
        return phrase("unsubscribe").formatted(link);
    }

    String subject(Announcement announcement) {
        AlertAnnouncement first = announcement.alerts().getFirst();
        int places = announcement.alerts().size();
        if (places == 1) {
            return switch (language) {
                case ENGLISH -> first.subject();
                case FRENCH -> line(first);
            };
        }
        return switch (language) {
            case ENGLISH ->
                    "%s %s: %s in %d places"
                            .formatted(
                                    announcement.transition(),
                                    announcement.severity().label(),
                                    first.ruleName(),
                                    places);
            case FRENCH ->
                    phrase("grouped")
                            .formatted(
                                    phrase("transition." + announcement.transition()),
                                    phrase("severity." + announcement.severity()),
                                    first.ruleName(),
                                    places);
        };
    }

    /** One line a place. */
    List<String> lines(Announcement announcement) {
        return announcement.alerts().stream()
                .map(
                        a ->
                                switch (language) {
                                    case ENGLISH -> a.line();
                                    case FRENCH -> line(a);
                                })
                .toList();
    }

    String text(Announcement announcement) {
        return switch (language) {
            case ENGLISH ->
                    String.join(
                            "\n",
                            announcement.alerts().stream().map(AlertAnnouncement::text).toList());
            case FRENCH -> String.join("\n", lines(announcement)) + "\n";
        };
    }

    String shortText(Announcement announcement) {
        if (announcement.alerts().size() == 1) {
            AlertAnnouncement only = announcement.alerts().getFirst();
            return switch (language) {
                case ENGLISH -> only.shortText();
                case FRENCH -> line(only).replace("°", "");
            };
        }
        return subject(announcement)
                + ": "
                + String.join(
                        ", ",
                        announcement.alerts().stream().map(AlertAnnouncement::place).toList());
    }

    private String line(AlertAnnouncement alert) {
        String window =
                DAY_AND_TIME.format(alert.windowStart().atZone(ZoneOffset.UTC))
                        + "-"
                        + TIME.format(alert.windowEnd().atZone(ZoneOffset.UTC))
                        + " UTC";
        return phrase("line")
                .formatted(
                        phrase("transition." + alert.transition()),
                        phrase("severity." + alert.severity()),
                        alert.place(),
                        finding(alert.finding()),
                        window);
    }

    private String finding(Finding finding) {
        String key =
                switch (finding) {
                    case Finding.Above _ -> "finding.above";
                    case Finding.Below _ -> "finding.below";
                    case Finding.Changed _ -> "finding.changed";
                    case Finding.Deviates _ -> "finding.deviates";
                    case Finding.Silent _ -> "finding.silent";
                };
        String more =
                switch (finding) {
                    case Finding.Above _, Finding.Below _ -> "";
                    case Finding.Changed changed -> changed.within().toMinutes() + " min";
                    case Finding.Deviates deviates -> figure(deviates.normal(), finding);
                    case Finding.Silent silent ->
                            DAY_AND_TIME.format(silent.lastHeardAt().atZone(ZoneOffset.UTC));
                };
        return phrase(key)
                .formatted(
                        finding.name().replace("average", "moyenne"),
                        "",
                        figure(finding.value(), finding),
                        figure(finding.limit(), finding),
                        more);
    }

    private static String figure(double value, Finding finding) {
        return String.format(Locale.FRENCH, "%.1f %s", value, finding.unit());
    }

    private String phrase(String key) {
        String phrase = phrases.getProperty(key);
        if (phrase == null) {
            throw new IllegalStateException(
                    "no phrase %s in language %s".formatted(key, language.code()));
        }
        return phrase;
    }

    private void load(String resource) {
        try (Reader reader =
                new InputStreamReader(
                        Wording.class.getResourceAsStream(resource), StandardCharsets.UTF_8)) {
            phrases.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
