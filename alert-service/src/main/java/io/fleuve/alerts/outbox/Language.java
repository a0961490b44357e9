package io.fleuve.alerts.outbox;

import java.util.Arrays;
import java.util.Optional;

/** The languages that messages are worded in. */
public enum Language {
    ENGLISH("en"),
    FRENCH("fr");

    private final String code;

    Language(String code) {
        this.code = code;
    }

    /** The language as ISO 639-1 names it. */
    public String code() {
        return code;
    }

    /** The language of that code, whatever its case. */
    public static Optional<Language> ofCode(String code) {
        return Arrays.stream(values()).filter(l -> l.code.equalsIgnoreCase(code)).findFirst();
    }
}
