package io.fleuve.alerts.outbox;

/**
 * What one recipient is sent.
 *
 * @param subject a line, for channels that have one
 * @param body text, or JSON for a webhook
 */
public record Message(String subject, String body) {}
