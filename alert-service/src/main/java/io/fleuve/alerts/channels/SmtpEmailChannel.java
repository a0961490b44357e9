package io.fleuve.alerts.channels;

import io.fleuve.alerts.outbox.ChannelKind;
import io.fleuve.alerts.outbox.DeliveryOutcome;
import io.fleuve.alerts.outbox.LookupOutcome;
import io.fleuve.alerts.outbox.Notification;
import io.fleuve.alerts.outbox.NotificationChannel;
import io.fleuve.alerts.outbox.Redelivery;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.eclipse.angus.mail.util.MailConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Mails alerts through a mail server (RFC 5321): 5yz replies are final, 4yz are for now. Every
 * attempt of a notification has the same {@code Message-ID}, by which mailboxes know a repetition.
 */
final class SmtpEmailChannel implements NotificationChannel {

    private final DeliveryChannels.Smtp settings;
    private final InstantSource clock;
    private final Session session;

    SmtpEmailChannel(DeliveryChannels.Smtp settings, Duration timeout, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        Properties properties = new Properties();
        String timeoutMs = Long.toString(timeout.toMillis());
        properties.setProperty("mail.smtp.host", settings.host());
        properties.setProperty("mail.smtp.port", Integer.toString(settings.port()));
        properties.setProperty("mail.smtp.connectiontimeout", timeoutMs);
        properties.setProperty("mail.smtp.timeout", timeoutMs);
        properties.setProperty("mail.smtp.writetimeout", timeoutMs);
        properties.setProperty("mail.smtp.starttls.enable", "true");
        properties.setProperty(
                "mail.smtp.starttls.required", Boolean.toString(settings.startTls()));
        properties.setProperty("mail.smtp.auth", Boolean.toString(!settings.user().isEmpty()));
        this.session = Session.getInstance(properties);
    }

    @Override
    public ChannelKind kind() {
        return ChannelKind.SMTP_EMAIL;
    }

    @Override
    public Redelivery redelivery() {
        return Redelivery.REPEATABLE;
    }

    @Override
    public DeliveryOutcome send(Notification notification) {
        SMTPTransport transport = null;
        try {
            MimeMessage mail = mailFor(notification);
            transport = (SMTPTransport) session.getTransport("smtp");
            transport.connect(
                    settings.user().isEmpty() ? null : settings.user(),
                    settings.user().isEmpty() ? null : settings.password());
            transport.sendMessage(mail, mail.getAllRecipients());
            return new DeliveryOutcome.Accepted(null);
        } catch (MailConnectException e) {
            return new DeliveryOutcome.Deferred("the mail server cannot be reached", null);
        } catch (SendFailedException e) {
            return outcomeOf(codeOf(e));
        } catch (MessagingException e) {
            return transport == null || !transport.isConnected()
                    ? new DeliveryOutcome.Uncertain("the mail server broke the connection off")
                    : outcomeOf(transport.getLastReturnCode());
        } finally {
            close(transport);
        }
    }

    @Override
    public LookupOutcome lookUp(Notification notification) {
        return new LookupOutcome.Absent();
    }

    private MimeMessage mailFor(Notification notification) throws MessagingException {
        String id = "<" + notification.id() + "@fleuve>";
        MimeMessage mail =
                new MimeMessage(session) {
                    @Override
                    protected void updateMessageID() throws MessagingException {
                        setHeader("Message-ID", id);
                    }
                };
        mail.setFrom(new InternetAddress(settings.from()));
        mail.setRecipient(
                Message.RecipientType.TO, new InternetAddress(notification.recipient().address()));
        mail.setSubject(notification.message().subject(), "UTF-8");
        mail.setText(notification.message().body(), "UTF-8");
        Instant now = clock.instant();
        mail.setSentDate(Date.from(now));
        mail.setHeader("Auto-Submitted", "auto-generated");
        return mail;
    }

    private static int codeOf(SendFailedException e) {
        Exception cause = e;
        while (cause != null) {
            if (cause instanceof SMTPAddressFailedException address) {
                return address.getReturnCode();
            }
            if (cause instanceof SMTPSendFailedException failed
                    && failed.getNextException() == null) {
                return failed.getReturnCode();
            }
            cause = cause instanceof MessagingException m ? m.getNextException() : null;
        }
        return -1;
    }

    private static DeliveryOutcome outcomeOf(int code) {
        String reason = "the mail server answered " + code;
        return switch (code / 100) {
            case 5 -> new DeliveryOutcome.Rejected(reason);
            case 4 -> new DeliveryOutcome.Deferred(reason, null);
            default -> new DeliveryOutcome.Uncertain("the mail server gave no answer");
        };
    }

    private static void close(@Nullable SMTPTransport transport) {
        try {
            if (transport != null) {
                transport.close();
            }
        } catch (MessagingException e) {
            // The mail's fate is known by now; the connection's is of no interest.
            return;
        }
    }
}
