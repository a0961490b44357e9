package io.fleuve.gateway.produce;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What a client prefers (RFC 7240). */
public final class Preferences {

    /** The field that tells which preference was honoured. */
    public static final String APPLIED_HEADER = "Preference-Applied";

    /** The one that is known here: a lone record that fails makes the request fail. */
    public static final String STRICT = "handling=strict";

    private static final String HEADER = "Prefer";

    private Preferences() {}

    /** Whether the client prefers to be told of a failure by the status. */
    public static boolean strict(HttpServletRequest request) {
        return strict(Collections.list(request.getHeaders(HEADER)));
    }

    static boolean strict(List<String> values) {
        for (String value : values) {
            for (String preference : value.split(",", -1)) {
                // What follows a semicolon are parameters of the preference.
                String[] parts = preference.split(";", 2)[0].split("=", 2);
                if (parts[0].strip().toLowerCase(Locale.ROOT).equals("handling")) {
                    // The first one counts.
                    return parts.length == 2 && parts[1].replace("\"", "").strip().equals("strict");
                }
            }
        }
        return false;
    }
}
