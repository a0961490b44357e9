package io.fleuve.alerts.outbox;

import java.text.Normalizer;

/**
 * Text as an SMS carries it (3GPP TS 23.038): 160 characters of the GSM 7-bit alphabet, or 70 of
 * UCS-2 as soon as one character is not in it; 153 and 67 a segment where there are several.
 * Segments are what is paid for.
 */
public final class SmsText {

    private static final String BASIC =
            "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
                    + "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    private static final String EXTENDED = "^{}\\[~]|€\f";
    private static final String CUT = "...";

    private SmsText() {}

    /** How many segments the text takes. */
    public static int segments(String text) {
        boolean gsm = isGsm(text);
        int units = gsm ? septets(text) : text.length();
        int single = gsm ? 160 : 70;
        if (units <= single) {
            return 1;
        }
        int rest = gsm ? 153 : 67;
        return (units + rest - 1) / rest;
    }

    /**
     * The text in at most that many segments. Accents outside the 7-bit alphabet are dropped if
     * that alone keeps the cheaper encoding; what is too long still loses its end.
     */
    public static String fit(String text, int maxSegments) {
        String plain = isGsm(text) ? text : withoutForeignAccents(text);
        String fitting = isGsm(plain) ? plain : text;
        if (segments(fitting) <= maxSegments) {
            return fitting;
        }
        int end = fitting.length();
        while (end > 0 && segments(fitting.substring(0, end) + CUT) > maxSegments) {
            end = fitting.offsetByCodePoints(end, -1);
        }
        return fitting.substring(0, end) + CUT;
    }

    private static String withoutForeignAccents(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints()
                .forEach(
                        c -> {
                            String one = Character.toString(c);
                            plain.append(isGsm(one) ? one : replacement(one));
                        });
        return plain.toString();
    }

    private static String replacement(String character) {
        return switch (character) {
            case "’", "‘" -> "'";
            case "–", "—" -> "-";
            case "œ" -> "oe";
            case "°" -> "";
            default ->
                    Normalizer.normalize(character, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
        };
    }

    private static boolean isGsm(String text) {
        return text.chars().allMatch(c -> BASIC.indexOf(c) >= 0 || EXTENDED.indexOf(c) >= 0);
    }

    private static int septets(String text) {
        return text.chars().map(c -> EXTENDED.indexOf(c) >= 0 ? 2 : 1).sum();
    }
}
