package io.fleuve.alerts.channels;

import io.fleuve.alerts.outbox.ChannelKind;
import io.fleuve.alerts.outbox.Notification;
import io.fleuve.alerts.outbox.NotificationChannel;
import io.fleuve.alerts.outbox.Recipient;
import io.fleuve.alerts.outbox.Redelivery;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The channels that the configuration asks for, and whom they reach. */
public final class ConfiguredChannels implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(ConfiguredChannels.class);

    /** The address of channels that have one only. */
    private static final List<String> DEFAULT = List.of("default");

    private final Map<ChannelKind, NotificationChannel> channels = new EnumMap<>(ChannelKind.class);
    private final List<Recipient> recipients = new ArrayList<>();

    public ConfiguredChannels(
            TwilioSettings twilio,
            SendGridSettings sendGrid,
            WebhookSettings webhook,
            DeliveryChannels more,
            String publicUrl,
            ConsoleMode console,
            PrintStream out,
            InstantSource clock) {
        if (twilio.isConfigured()) {
            add(new TwilioSmsChannel(twilio, publicUrl, clock), twilio.to());
        }
        if (sendGrid.isConfigured()) {
            add(new SendGridEmailChannel(sendGrid, clock), sendGrid.to());
        }
        if (webhook.isConfigured()) {
            add(
                    new HttpPostChannel(
                            ChannelKind.WEBHOOK,
                            webhook.timeout(),
                            n -> PostRequests.webhook(webhook, n, clock),
                            clock),
                    DEFAULT);
        }
        addOthers(more, clock);
        boolean print =
                switch (console) {
                    case AUTO -> channels.isEmpty();
                    case ALWAYS -> true;
                    case NEVER -> false;
                };
        if (print) {
            add(new ConsoleChannel(out), DEFAULT);
        }
        LOGGER.atInfo()
                .addKeyValue("channels", channels.keySet())
                .addKeyValue("recipients", recipients.size())
                .log("alerts go out through these channels");
    }

    private void addOthers(DeliveryChannels more, InstantSource clock) {
        if (!more.slackUrl().isBlank()) {
            URI url = URI.create(more.slackUrl());
            add(post(ChannelKind.SLACK, more, n -> PostRequests.slack(url, n), clock), DEFAULT);
        }
        if (!more.teamsUrl().isBlank()) {
            URI url = URI.create(more.teamsUrl());
            add(post(ChannelKind.TEAMS, more, n -> PostRequests.teams(url, n), clock), DEFAULT);
        }
        DeliveryChannels.PagerDuty pagerDuty = more.pagerduty();
        if (!pagerDuty.routingKey().isBlank()) {
            add(
                    post(
                            ChannelKind.PAGERDUTY,
                            more,
                            n -> PostRequests.pagerDuty(pagerDuty, n),
                            clock),
                    DEFAULT);
        }
        DeliveryChannels.Ntfy ntfy = more.ntfy();
        if (!ntfy.baseUrl().isBlank()) {
            add(
                    post(ChannelKind.NTFY, more, n -> PostRequests.ntfy(ntfy, n), clock),
                    listed(ntfy.topic()));
        }
        if (!more.smtp().host().isBlank()) {
            add(new SmtpEmailChannel(more.smtp(), more.timeout(), clock), listed(more.smtp().to()));
        }
    }

    private static HttpPostChannel post(
            ChannelKind kind,
            DeliveryChannels settings,
            Function<Notification, HttpRequest.Builder> requests,
            InstantSource clock) {
        return new HttpPostChannel(kind, settings.timeout(), requests, clock);
    }

    private static List<String> listed(String addresses) {
        return Arrays.stream(addresses.split(","))
                .map(String::strip)
                .filter(a -> !a.isEmpty())
                .toList();
    }

    public Map<ChannelKind, NotificationChannel> byKind() {
        return Map.copyOf(channels);
    }

    /** What each channel allows after an attempt of unknown fate. */
    public Map<ChannelKind, Redelivery> redeliveries() {
        Map<ChannelKind, Redelivery> result = new EnumMap<>(ChannelKind.class);
        channels.forEach((kind, channel) -> result.put(kind, channel.redelivery()));
        return result;
    }

    /** Everyone who is told about every alert. */
    public List<Recipient> recipients() {
        return List.copyOf(recipients);
    }

    @Override
    public void close() {
        for (NotificationChannel channel : channels.values()) {
            if (channel instanceof AutoCloseable closeable) {
                close(closeable);
            }
        }
    }

    private void add(NotificationChannel channel, List<String> addresses) {
        channels.put(channel.kind(), channel);
        addresses.forEach(a -> recipients.add(new Recipient(channel.kind(), a)));
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            LOGGER.atDebug().setCause(e).log("a channel did not close cleanly");
        }
    }
}
