package io.fleuve.alerts.api;

import org.jspecify.annotations.Nullable;

/**
 * Something that a person says about an alert.
 *
 * @param by who says it
 * @param comment what, if anything
 */
record RemarkRequest(@Nullable String by, @Nullable String comment) {

    private static final int MAX_NAME = 200;
    private static final int MAX_COMMENT = 4_000;

    /** Who says it, checked. */
    String author() {
        if (by == null || by.isBlank() || by.length() > MAX_NAME || hasControl(by, false)) {
            throw new BadParameterException(
                    "by", "must say who you are, in 1 to %d characters".formatted(MAX_NAME));
        }
        return by.strip();
    }

    /** What, checked; empty if nothing. */
    String text() {
        String text = comment == null ? "" : comment;
        if (text.length() > MAX_COMMENT || hasControl(text, true)) {
            throw new BadParameterException(
                    "comment",
                    "must have at most %d characters and no control characters but line breaks"
                            .formatted(MAX_COMMENT));
        }
        return text;
    }

    private static boolean hasControl(String text, boolean breaksAllowed) {
        return text.chars()
                .anyMatch(c -> Character.isISOControl(c) && !(breaksAllowed && c == '\n'));
    }
}
