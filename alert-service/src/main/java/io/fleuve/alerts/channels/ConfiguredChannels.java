package io.fleuve.alerts.channels;

import io.fleuve.alerts.outbox.ChannelKind;
import io.fleuve.alerts.outbox.NotificationChannel;
import io.fleuve.alerts.outbox.Recipient;
import io.fleuve.alerts.outbox.Redelivery;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The channels that the configuration asks for, and whom they reach. */
public final class ConfiguredChannels implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(ConfiguredChannels.class);

    private final Map<ChannelKind, NotificationChannel> channels = new EnumMap<>(ChannelKind.class);
    private final List<Recipient> recipients = new ArrayList<>();

    public ConfiguredChannels(
            TwilioSettings twilio,
            SendGridSettings sendGrid,
            WebhookSettings webhook,
            ConsoleMode console,
            PrintStream out,
            InstantSource clock) {
        if (twilio.isConfigured()) {
            add(new TwilioSmsChannel(twilio, clock), twilio.to());
        }
        if (sendGrid.isConfigured()) {
            add(new SendGridEmailChannel(sendGrid, clock), sendGrid.to());
        }
        if (webhook.isConfigured()) {
            add(new WebhookChannel(webhook, clock), List.of(webhook.host()));
        }
        boolean print =
                switch (console) {
                    case AUTO -> channels.isEmpty();
                    case ALWAYS -> true;
                    case NEVER -> false;
                };
        if (print) {
            add(new ConsoleChannel(out), List.of("stdout"));
        }
        LOGGER.atInfo()
                .addKeyValue("channels", channels.keySet())
                .addKeyValue("recipients", recipients.size())
                .log("alerts go out through these channels");
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
