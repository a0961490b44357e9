package io.fleuve.alerts.channels;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * SendGrid's account and whom to mail.
 *
 * @param apiKey empty where SendGrid is not used
 * @param from a verified sender
 * @param to mail addresses that are told about everything; may be empty
 * @param baseUrl where SendGrid's API is
 * @param timeout for connecting, and for each wait for data
 */
public record SendGridSettings(
        String apiKey, String from, List<String> to, URI baseUrl, Duration timeout) {

    @SuppressWarnings("ConstantValue") // the binder leaves an empty list out
    public SendGridSettings {
        to = to == null ? List.of() : to.stream().filter(a -> !a.isBlank()).toList();
        if (!apiKey.isBlank()) {
            Settings.require("fleuve.alerts.sendgrid.from", from);
            Settings.requireHttp("fleuve.alerts.sendgrid.base-url", baseUrl);
            Settings.requirePositive("fleuve.alerts.sendgrid.timeout", timeout);
        }
    }

    boolean isConfigured() {
        return !apiKey.isBlank();
    }

    /** Without the key: settings end up in logs. */
    @Override
    public String toString() {
        return "SendGridSettings[configured=%s, baseUrl=%s]".formatted(isConfigured(), baseUrl);
    }
}
