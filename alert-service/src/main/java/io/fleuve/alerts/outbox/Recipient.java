package io.fleuve.alerts.outbox;

/**
 * Someone who is told, and how.
 *
 * @param address what the channel understands: a number in E.164 form, a mail address, a URL
 */
public record Recipient(ChannelKind channel, String address) {}
