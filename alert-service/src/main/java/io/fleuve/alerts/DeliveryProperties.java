package io.fleuve.alerts;

import io.fleuve.alerts.channels.DeliveryChannels;
import io.fleuve.alerts.outbox.ChannelLimits;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of subscribers and delivery.
 *
 * @param publicUrl where people and providers reach this service; for links and receipts
 * @param maxSubscribers most subscribers that are kept
 * @param smsSegments most segments of an SMS
 * @param sms what may be asked of Twilio
 * @param others what may be asked of each other channel
 * @param sendgridReceiptKey public key of SendGrid's signed event webhook, Base64; empty for none
 * @param receiptMaxAge oldest signature that is taken
 */
@ConfigurationProperties("fleuve.alerts.delivery")
record DeliveryProperties(
        String publicUrl,
        int maxSubscribers,
        int smsSegments,
        ChannelLimits sms,
        ChannelLimits others,
        DeliveryChannels channels,
        String sendgridReceiptKey,
        Duration receiptMaxAge) {

    DeliveryProperties {
        if (maxSubscribers < 1) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.delivery.max-subscribers must be at least 1, but is "
                            + maxSubscribers);
        }
        if (smsSegments < 1 || smsSegments > 10) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.delivery.sms-segments must be between 1 and 10, but is "
                            + smsSegments);
        }
        while (publicUrl.endsWith("/")) {
            publicUrl = publicUrl.substring(0, publicUrl.length() - 1);
        }
    }
}
