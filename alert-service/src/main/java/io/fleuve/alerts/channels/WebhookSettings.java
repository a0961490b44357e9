package io.fleuve.alerts.channels;

import java.net.URI;
import java.time.Duration;

/**
 * An HTTP endpoint that is told about alerts.
 *
 * @param url empty where there is none
 * @param secret signs what is sent; empty for unsigned
 * @param timeout for the whole exchange
 */
public record WebhookSettings(String url, String secret, Duration timeout) {

    public WebhookSettings {
        if (!url.isBlank()) {
            Settings.requireHttp("fleuve.alerts.webhook.url", URI.create(url));
            Settings.requirePositive("fleuve.alerts.webhook.timeout", timeout);
        }
    }

    boolean isConfigured() {
        return !url.isBlank();
    }

    /** Without the URL, which often holds a secret. */
    @Override
    public String toString() {
        return "WebhookSettings[configured=%s]".formatted(isConfigured());
    }
}
