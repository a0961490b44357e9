package io.fleuve.alerts.channels;

import java.net.URI;
import java.time.Duration;

/**
 * An HTTP endpoint that is told about alerts.
 *
 * @param url empty where there is none
 * @param timeout for the whole exchange
 */
public record WebhookSettings(String url, Duration timeout) {

    public WebhookSettings {
        if (!url.isBlank()) {
            Settings.requireHttp("fleuve.alerts.webhook.url", URI.create(url));
            Settings.requirePositive("fleuve.alerts.webhook.timeout", timeout);
        }
    }

    boolean isConfigured() {
        return !url.isBlank();
    }

    /** The part of the URL that may be shown. */
    String host() {
        return URI.create(url).getHost();
    }

    /** Without the URL, which often holds a secret. */
    @Override
    public String toString() {
        return "WebhookSettings[configured=%s]".formatted(isConfigured());
    }
}
