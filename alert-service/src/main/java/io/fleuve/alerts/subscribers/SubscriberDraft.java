package io.fleuve.alerts.subscribers;

import io.fleuve.alerts.outbox.ChannelKind;
import io.fleuve.alerts.outbox.Language;
import io.fleuve.alerts.outbox.Recipient;
import io.fleuve.alerts.rules.Severity;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber as a caller writes it, unchecked.
 *
 * @param regions absent or empty for all
 * @param severities absent or empty for all
 * @param language {@code en} or {@code fr}; absent for {@code en}
 * @param escalationLevel absent for 1
 */
public record SubscriberDraft(
        @Nullable String name,
        @Nullable List<@Nullable Way> channels,
        @Nullable List<@Nullable String> regions,
        @Nullable List<@Nullable String> severities,
        @Nullable String language,
        @Nullable Quiet quietHours,
        @Nullable Integer escalationLevel) {

    private static final int MAX_NAME = 100;
    private static final int MAX_CHANNELS = 10;
    private static final int MAX_REGIONS = 200;
    private static final int MAX_LEVEL = 10;
    private static final Pattern E164 = Pattern.compile("\\+[1-9]\\d{6,14}");
    private static final Pattern MAIL =
            Pattern.compile("[^@\\s,;<>\"\\p{Cntrl}]{1,64}@[^@\\s,;<>\"\\p{Cntrl}]{1,190}");
    private static final Pattern TOPIC = Pattern.compile("[-_A-Za-z0-9]{1,64}");

    /** A channel, an address that it understands, and what stands in for it if it fails. */
    public record Way(@Nullable String channel, @Nullable String address, @Nullable Way fallback) {}

    /** Quiet hours: local times such as {@code 22:00}, a zone such as {@code Africa/Dakar}. */
    public record Quiet(
            @Nullable String from,
            @Nullable String to,
            @Nullable String zone,
            @Nullable Boolean criticalOverrides,
            @Nullable String policy) {}

    /** What is wrong with one field, and what to do. */
    public record Problem(String field, String message) {}

    /** A subscriber, or all that is wrong with the draft. */
    public sealed interface Checked {
        record Valid(Subscriber subscriber) implements Checked {}

        record Invalid(List<Problem> problems) implements Checked {}
    }

    public Checked check(UUID id) {
        List<Problem> problems = new ArrayList<>();
        if (name == null || name.isBlank() || name.length() > MAX_NAME || hasControl(name)) {
            problems.add(
                    new Problem(
                            "name",
                            "must be a text of 1 to %d characters, without control characters"
                                    .formatted(MAX_NAME)));
        }
        List<Contact> contacts = contacts(problems);
        Set<String> wanted = new TreeSet<>();
        if (regions != null) {
            if (regions.size() > MAX_REGIONS) {
                problems.add(new Problem("regions", "must be at most %d".formatted(MAX_REGIONS)));
            }
            for (String region : regions) {
                if (region == null || region.isBlank() || hasControl(region)) {
                    problems.add(
                            new Problem(
                                    "regions",
                                    "must not hold an empty name or one with control characters"));
                } else {
                    wanted.add(region);
                }
            }
        }
        Set<Severity> levels = levels(problems);
        Language words =
                language == null ? Language.ENGLISH : Language.ofCode(language).orElse(null);
        if (words == null) {
            problems.add(
                    new Problem("language", "must be en or fr, but is \"%s\"".formatted(language)));
        }
        QuietHours quiet = quietHours == null ? null : quiet(quietHours, problems);
        int level = escalationLevel == null ? 1 : escalationLevel;
        if (level < 1 || level > MAX_LEVEL) {
            problems.add(
                    new Problem(
                            "escalationLevel",
                            "must be between 1 and %d, but is %d".formatted(MAX_LEVEL, level)));
        }
        if (!problems.isEmpty() || name == null || words == null) {
            return new Checked.Invalid(List.copyOf(problems));
        }
        return new Checked.Valid(
                new Subscriber(
                        id,
                        name.strip(),
                        contacts,
                        new TreeSet<>(wanted),
                        levels,
                        words,
                        quiet,
                        level));
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    private List<Contact> contacts(List<Problem> problems) {
        List<Contact> contacts = new ArrayList<>();
        if (channels == null || channels.isEmpty() || channels.size() > MAX_CHANNELS) {
            problems.add(
                    new Problem(
                            "channels",
                            "must name 1 to %d channels, such as {\"channel\": \"twilio-sms\", \"address\": \"+221700000001\"}"
                                    .formatted(MAX_CHANNELS)));
            return contacts;
        }
        Set<Recipient> seen = new HashSet<>();
        for (int i = 0; i < channels.size(); i++) {
            String field = "channels[%d]".formatted(i);
            Recipient recipient = recipient(field, channels.get(i), problems);
            Way way = channels.get(i);
            Way second = way == null ? null : way.fallback();
            Recipient fallback =
                    second == null ? null : recipient(field + ".fallback", second, problems);
            if (second != null && second.fallback() != null) {
                problems.add(
                        new Problem(field + ".fallback", "must not have a fall-back of its own"));
            }
            for (Recipient one : new Recipient[] {recipient, fallback}) {
                if (one != null && !seen.add(one)) {
                    problems.add(new Problem(field, "names a channel and address a second time"));
                }
            }
            if (recipient != null) {
                contacts.add(new Contact(recipient, fallback));
            }
        }
        return List.copyOf(contacts);
    }

    private static @Nullable Recipient recipient(
            String field, @Nullable Way way, List<Problem> problems) {
        String label = way == null ? null : way.channel();
        ChannelKind kind = label == null ? null : ChannelKind.ofLabel(label).orElse(null);
        if (way == null || kind == null) {
            problems.add(
                    new Problem(
                            field + ".channel",
                            "must be one of "
                                    + String.join(
                                            ", ",
                                            EnumSet.allOf(ChannelKind.class).stream()
                                                    .map(ChannelKind::label)
                                                    .toList())));
            return null;
        }
        String address = way.address() == null ? "" : way.address().strip();
        String wrong =
                switch (kind) {
                    case TWILIO_SMS ->
                            E164.matcher(address).matches()
                                    ? null
                                    : "must be a number in E.164 form, such as +221700000001";
                    case SENDGRID_EMAIL, SMTP_EMAIL ->
                            MAIL.matcher(address).matches()
                                    ? null
                                    : "must be a mail address, such as awa@example.org";
                    case NTFY ->
                            TOPIC.matcher(address).matches()
                                    ? null
                                    : "must be a topic of letters, digits, - and _";
                    // Where these go is the operator's to say: a caller must not make the service
                    // post anywhere.
                    case CONSOLE, SLACK, TEAMS, PAGERDUTY, WEBHOOK ->
                            address.isEmpty() || address.equals("default")
                                    ? null
                                    : "must be left out: this channel's address is the operator's setting";
                };
        if (wrong != null) {
            problems.add(new Problem(field + ".address", wrong));
            return null;
        }
        return new Recipient(kind, address.isEmpty() ? "default" : address);
    }

    private Set<Severity> levels(List<Problem> problems) {
        Set<Severity> levels = EnumSet.noneOf(Severity.class);
        if (severities != null) {
            for (String severity : severities) {
                Severity level = severity == null ? null : Severity.ofLabel(severity).orElse(null);
                if (level == null) {
                    problems.add(
                            new Problem("severities", "must hold info, warning or critical only"));
                } else {
                    levels.add(level);
                }
            }
        }
        return levels.isEmpty() ? EnumSet.allOf(Severity.class) : levels;
    }

    private static @Nullable QuietHours quiet(Quiet draft, List<Problem> problems) {
        LocalTime from = time("quietHours.from", draft.from(), problems);
        LocalTime to = time("quietHours.to", draft.to(), problems);
        ZoneId zone = null;
        try {
            zone = draft.zone() == null ? null : ZoneId.of(draft.zone());
        } catch (DateTimeException e) {
            zone = null;
        }
        if (zone == null) {
            problems.add(
                    new Problem(
                            "quietHours.zone", "must be a time zone, such as Africa/Dakar or UTC"));
        }
        QuietHours.Policy policy =
                switch (draft.policy()) {
                    case null -> QuietHours.Policy.DELAY;
                    case "delay" -> QuietHours.Policy.DELAY;
                    case "drop" -> QuietHours.Policy.DROP;
                    default -> null;
                };
        if (policy == null) {
            problems.add(new Problem("quietHours.policy", "must be delay or drop"));
        }
        if (from != null && from.equals(to)) {
            problems.add(new Problem("quietHours.to", "must differ from quietHours.from"));
            return null;
        }
        return from == null || to == null || zone == null || policy == null
                ? null
                : new QuietHours(
                        from,
                        to,
                        zone,
                        draft.criticalOverrides() == null || draft.criticalOverrides(),
                        policy);
    }

    private static @Nullable LocalTime time(
            String field, @Nullable String text, List<Problem> problems) {
        try {
            if (text != null) {
                return LocalTime.parse(text);
            }
        } catch (DateTimeException e) {
            // Answered below, with what is missing.
        }
        problems.add(new Problem(field, "must be a time of day, such as 22:00"));
        return null;
    }
}
