package io.fleuve.alerts.channels;

import java.net.URI;
import java.util.List;

/**
 * Twilio's account and whom to text.
 *
 * @param accountSid empty where Twilio is not used
 * @param from a number in E.164 form, or the SID of a messaging service ({@code MG…})
 * @param to numbers in E.164 form that are told about everything; may be empty
 * @param baseUrl where Twilio's API is
 */
public record TwilioSettings(
        String accountSid, String authToken, String from, List<String> to, URI baseUrl) {

    @SuppressWarnings("ConstantValue") // the binder leaves an empty list out
    public TwilioSettings {
        to = to == null ? List.of() : to.stream().filter(a -> !a.isBlank()).toList();
        if (!accountSid.isBlank()) {
            Settings.require("fleuve.alerts.twilio.auth-token", authToken);
            Settings.require("fleuve.alerts.twilio.from", from);
            Settings.requireHttp("fleuve.alerts.twilio.base-url", baseUrl);
        }
    }

    boolean isConfigured() {
        return !accountSid.isBlank();
    }

    /** Without the token: settings end up in logs. */
    @Override
    public String toString() {
        return "TwilioSettings[configured=%s, baseUrl=%s]".formatted(isConfigured(), baseUrl);
    }
}
