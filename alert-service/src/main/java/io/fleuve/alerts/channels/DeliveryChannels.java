package io.fleuve.alerts.channels;

import java.net.URI;
import java.time.Duration;

/**
 * Settings of the channels beside Twilio, SendGrid and the generic webhook.
 *
 * @param slackUrl incoming webhook; empty where Slack is not used
 * @param teamsUrl webhook of a workflow; empty where Teams is not used
 * @param timeout for a whole exchange by HTTP
 */
public record DeliveryChannels(
        String slackUrl,
        String teamsUrl,
        PagerDuty pagerduty,
        Ntfy ntfy,
        Smtp smtp,
        Duration timeout) {

    public DeliveryChannels {
        requireUrl("slack-url", slackUrl);
        requireUrl("teams-url", teamsUrl);
        Settings.requirePositive("fleuve.alerts.delivery.channels.timeout", timeout);
    }

    /**
     * An integration of PagerDuty.
     *
     * @param routingKey empty where it is not used
     */
    public record PagerDuty(String routingKey, String baseUrl) {
        public PagerDuty {
            requireUrl("pagerduty.base-url", baseUrl);
        }

        @Override
        public String toString() {
            return "PagerDuty[configured=%s]".formatted(!routingKey.isEmpty());
        }
    }

    /**
     * A server of ntfy.
     *
     * @param baseUrl empty where it is not used
     * @param topic told about everything; may be empty
     * @param token empty where the topics are open
     */
    public record Ntfy(String baseUrl, String topic, String token) {
        public Ntfy {
            requireUrl("ntfy.base-url", baseUrl);
        }

        @Override
        public String toString() {
            return "Ntfy[configured=%s]".formatted(!baseUrl.isEmpty());
        }
    }

    /**
     * A mail server.
     *
     * @param host empty where it is not used
     * @param user empty where it asks for none
     * @param to told about everything; may be empty
     * @param startTls whether the connection must be encrypted
     */
    public record Smtp(
            String host,
            int port,
            String user,
            String password,
            String from,
            String to,
            boolean startTls) {
        public Smtp {
            if (!host.isBlank()) {
                Settings.require("fleuve.alerts.delivery.channels.smtp.from", from);
            }
        }

        @Override
        public String toString() {
            return "Smtp[host=%s, port=%d]".formatted(host, port);
        }
    }

    /** Without URLs and keys: settings end up in logs. */
    @Override
    public String toString() {
        return "DeliveryChannels[%s, %s, %s]".formatted(pagerduty, ntfy, smtp);
    }

    private static void requireUrl(String key, String value) {
        if (!value.isBlank()) {
            Settings.requireHttp("fleuve.alerts.delivery.channels." + key, URI.create(value));
        }
    }
}
