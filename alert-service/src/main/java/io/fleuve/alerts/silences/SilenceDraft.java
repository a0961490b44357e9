package io.fleuve.alerts.silences;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A silence as someone wrote it; any part may be missing or wrong.
 *
 * @param from ISO-8601; absent means now
 * @param until ISO-8601; or give {@code duration}
 * @param duration ISO-8601, from {@code from}
 */
public record SilenceDraft(
        @Nullable List<@Nullable MatcherDraft> matchers,
        @Nullable String from,
        @Nullable String until,
        @Nullable String duration,
        @Nullable String author,
        @Nullable String comment) {

    private static final int MAX_MATCHERS = 20;
    private static final int MAX_TEXT = 1_000;
    private static final Duration LONGEST = Duration.ofDays(366);

    /** One label to test; {@code kind} absent means {@code is}. */
    public record MatcherDraft(
            @Nullable String label, @Nullable String kind, @Nullable String value) {}

    /** What is wrong with one field, in words for the person who wrote it. */
    public record Problem(String field, String message) {}

    /** What checking the draft gave. */
    public sealed interface Checked {
        /** A silence that can be kept. */
        record Valid(Silence silence) implements Checked {}

        /** Everything that is wrong, not only the first thing. */
        record Invalid(List<Problem> problems) implements Checked {}
    }

    /** Checks all fields; a draft without problems becomes the silence {@code id}. */
    public Checked check(UUID id, Instant now) {
        List<Problem> problems = new ArrayList<>();
        List<Matcher> checked = checkMatchers(problems);
        Instant begin = from == null ? now : instant("from", from, problems);
        Instant end = end(begin, problems);
        if (end != null && !end.isAfter(now)) {
            problems.add(new Problem("until", "must lie in the future"));
        }
        if (begin != null && end != null && !end.isAfter(begin)) {
            problems.add(new Problem("until", "must lie after from (%s)".formatted(begin)));
        } else if (begin != null && end != null && begin.plus(LONGEST).isBefore(end)) {
            problems.add(
                    new Problem(
                            "until",
                            "a silence must not last longer than a year; disable the rule"));
        }
        String who = text("author", author, problems);
        if (who != null && who.isBlank()) {
            problems.add(new Problem("author", "say who silences, so that others can ask"));
        }
        String why = comment == null ? "" : text("comment", comment, problems);
        if (!problems.isEmpty() || begin == null || end == null || who == null || why == null) {
            return new Checked.Invalid(List.copyOf(problems));
        }
        return new Checked.Valid(new Silence(id, checked, begin, end, who.strip(), why));
    }

    private List<Matcher> checkMatchers(List<Problem> problems) {
        List<Matcher> checked = new ArrayList<>();
        if (matchers == null || matchers.isEmpty()) {
            problems.add(
                    new Problem(
                            "matchers",
                            "give at least one, such as {\"label\":\"region\",\"value\":\"dakar\"};"
                                    + " a silence of everything is not meant to be an oversight"));
            return checked;
        }
        if (matchers.size() > MAX_MATCHERS) {
            problems.add(new Problem("matchers", "must not be more than " + MAX_MATCHERS));
        }
        for (int i = 0; i < matchers.size(); i++) {
            MatcherDraft draft = matchers.get(i);
            String field = "matchers[%d]".formatted(i);
            if (draft == null || draft.label() == null || draft.label().isBlank()) {
                problems.add(
                        new Problem(
                                field + ".label",
                                "name a label: region, sensor, rule, severity, or one of the rule's own"));
                continue;
            }
            String value = draft.value();
            if (value == null || value.length() > MAX_TEXT || hasControl(value)) {
                problems.add(new Problem(field + ".value", "give the value to compare with"));
                continue;
            }
            Matcher.Kind kind =
                    draft.kind() == null
                            ? Matcher.Kind.IS
                            : Matcher.Kind.ofLabel(draft.kind()).orElse(null);
            if (kind == null) {
                problems.add(
                        new Problem(
                                field + ".kind",
                                "must be one of "
                                        + Arrays.stream(Matcher.Kind.values())
                                                .map(Matcher.Kind::label)
                                                .toList()));
                continue;
            }
            checked.add(new Matcher(draft.label().strip(), kind, value));
        }
        return checked;
    }

    private @Nullable Instant end(@Nullable Instant begin, List<Problem> problems) {
        if ((until == null) == (duration == null)) {
            problems.add(
                    new Problem(
                            "until",
                            "give either until, such as 2026-06-01T06:00:00Z, or duration, such as PT2H"));
            return null;
        }
        if (until != null) {
            return instant("until", until, problems);
        }
        try {
            Duration length = Duration.parse(duration == null ? "" : duration);
            if (length.isNegative() || length.isZero() || length.compareTo(LONGEST) > 0) {
                problems.add(new Problem("duration", "must lie between PT1S and P366D"));
                return null;
            }
            return begin == null ? null : begin.plus(length);
        } catch (DateTimeException e) {
            problems.add(new Problem("duration", "must be an ISO-8601 duration such as PT2H"));
            return null;
        }
    }

    private static @Nullable Instant instant(String field, String text, List<Problem> problems) {
        try {
            Instant parsed = Instant.parse(text);
            if (parsed.isBefore(Instant.EPOCH)
                    || parsed.isAfter(Instant.parse("9999-01-01T00:00:00Z"))) {
                problems.add(new Problem(field, "must lie between 1970 and 9999"));
                return null;
            }
            return parsed;
        } catch (DateTimeException e) {
            problems.add(
                    new Problem(field, "must be an ISO-8601 instant such as 2026-06-01T06:00:00Z"));
            return null;
        }
    }

    private static @Nullable String text(
            String field, @Nullable String given, List<Problem> problems) {
        String text = given == null ? "" : given;
        if (text.length() > MAX_TEXT || hasControl(text)) {
            problems.add(
                    new Problem(
                            field,
                            "must have at most %d characters and no control characters"
                                    .formatted(MAX_TEXT)));
            return null;
        }
        return text;
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
