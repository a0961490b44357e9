package io.fleuve.alerts.receipts;

import java.time.Duration;

/**
 * How receipts are checked.
 *
 * @param publicUrl where Twilio reaches this service; part of what it signs
 * @param twilioAuthToken empty: receipts of Twilio are refused
 * @param sendGridKey public key of SendGrid's signed event webhook, Base64; empty: refused
 * @param maxAge oldest signature that is taken
 */
public record ReceiptSettings(
        String publicUrl, String twilioAuthToken, String sendGridKey, Duration maxAge) {

    /** Without the token: settings end up in logs. */
    @Override
    public String toString() {
        return "ReceiptSettings[publicUrl=%s]".formatted(publicUrl);
    }
}
