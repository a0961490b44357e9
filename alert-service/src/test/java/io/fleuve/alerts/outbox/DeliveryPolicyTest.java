package io.fleuve.alerts.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.alerts.outbox.DeliveryOutcome.Accepted;
import io.fleuve.alerts.outbox.DeliveryOutcome.Deferred;
import io.fleuve.alerts.outbox.DeliveryOutcome.Rejected;
import io.fleuve.alerts.outbox.DeliveryOutcome.Uncertain;
import io.fleuve.alerts.outbox.DeliveryState.Dead;
import io.fleuve.alerts.outbox.DeliveryState.Expired;
import io.fleuve.alerts.outbox.DeliveryState.Pending;
import io.fleuve.alerts.outbox.DeliveryState.Retry;
import io.fleuve.alerts.outbox.DeliveryState.Sending;
import io.fleuve.alerts.outbox.DeliveryState.Sent;
import io.fleuve.alerts.outbox.DeliveryState.Suppressed;
import io.fleuve.alerts.outbox.DeliveryState.Unknown;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryPolicyTest {

    private static final Instant NOW = Instant.parse("2026-01-10T08:00:00Z");
    private static final Instant EXPIRY = NOW.plus(Duration.ofHours(24));
    private static final OutboxSettings SETTINGS =
            new OutboxSettings(
                    Duration.ofSeconds(1),
                    8,
                    Duration.ofMinutes(2),
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(5),
                    Duration.ofHours(24),
                    Duration.ofSeconds(15));

    private final DeliveryPolicy policy =
            new DeliveryPolicy(
                    SETTINGS,
                    Map.of(
                            ChannelKind.TWILIO_SMS,
                            Redelivery.LOOK_UP_FIRST,
                            ChannelKind.WEBHOOK,
                            Redelivery.REPEATABLE),
                    new Random(42));

    @Test
    void claimsAPendingNotificationForTheLengthOfTheLease() {
        Notification claimed = policy.onDue(sms(new Pending(NOW)), NOW);
        assertThat(claimed.state()).isEqualTo(new Sending(NOW.plus(Duration.ofMinutes(2))));
        assertThat(claimed.attempts()).isEqualTo(1);
        assertThat(claimed.claim()).isEqualTo(1);
        assertThat(claimed.firstAttemptAt()).isEqualTo(NOW);
    }

    @Test
    void asksTheProviderAboutAnSmsWhoseWorkerDisappeared() {
        Notification abandoned = policy.onDue(sms(new Sending(NOW)), NOW);
        assertThat(abandoned.state()).isInstanceOf(Unknown.class);
        assertThat(policy.onDue(abandoned, NOW).state())
                .as("held for a look-up, not sent")
                .isInstanceOfSatisfying(Unknown.class, u -> assertThat(u.dueAt()).isAfter(NOW));
    }

    @Test
    void repeatsAWebhookWhoseWorkerDisappeared() {
        assertThat(policy.onDue(to(ChannelKind.WEBHOOK, new Sending(NOW)), NOW).state())
                .isInstanceOf(Retry.class);
    }

    @Test
    void keepsTheReasonOfARefusalForGood() {
        assertThat(outcome(new Rejected("Twilio error 21211")).state())
                .isEqualTo(new Dead("Twilio error 21211"));
    }

    @Test
    void keepsTheProvidersNameForTheMessage() {
        assertThat(outcome(new Accepted("SM1")).state()).isEqualTo(new Sent("SM1"));
    }

    @Test
    void obeysRetryAfterToTheLetter() {
        assertThat(outcome(new Deferred("429", Duration.ofSeconds(700))).state())
                .isEqualTo(new Retry(NOW.plusSeconds(700), "429"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 9, 10, 40})
    void drawsTheWaitFromZeroToABoundThatDoublesUpToItsCap(int attempts) {
        long boundMs = (long) Math.min(300_000, 1_000 * Math.pow(2, attempts - 1));
        long longestMs = 0;
        for (int i = 0; i < 2_000; i++) {
            Notification after =
                    policy.onOutcome(
                            sending(ChannelKind.TWILIO_SMS, attempts),
                            new Deferred("busy", null),
                            NOW);
            long waitMs = Duration.between(NOW, ((Retry) after.state()).dueAt()).toMillis();
            assertThat(waitMs).isBetween(0L, boundMs);
            longestMs = Math.max(longestMs, waitMs);
        }
        assertThat(longestMs).isGreaterThan(boundMs * 9 / 10);
    }

    @Test
    void looksUpAfterADelayWhatMayHaveGoneOut() {
        assertThat(outcome(new Uncertain("503")).state())
                .isEqualTo(new Unknown(NOW.plusSeconds(15), "503"));
    }

    @Test
    void doesNotSendAgainWhatTheProviderHas() {
        assertThat(lookup(new LookupOutcome.Found("SM7"))).isEqualTo(new Sent("SM7"));
    }

    @Test
    void sendsAgainWhatTheProviderNeverTook() {
        assertThat(lookup(new LookupOutcome.Absent())).isInstanceOf(Retry.class);
    }

    @Test
    void asksAgainWhenTheProviderDoesNotAnswerTheQuestion() {
        assertThat(lookup(new LookupOutcome.Unanswered("down")))
                .isEqualTo(new Unknown(NOW.plusSeconds(15), "down"));
    }

    @Test
    void givesUpWhatIsTooOld() {
        assertThat(policy.onDue(sms(new Pending(NOW)), EXPIRY).state()).isInstanceOf(Expired.class);
        assertThat(policy.onDue(sms(new Retry(NOW, "busy")), EXPIRY).state())
                .isEqualTo(new Expired("gave up, last reason: busy"));
        assertThat(policy.onDue(sms(new Unknown(NOW, "503")), EXPIRY).state())
                .isInstanceOf(Expired.class);
    }

    @Test
    void suppressesWhatHasNoChannelAnyMore() {
        assertThat(policy.onDue(to(ChannelKind.SENDGRID_EMAIL, new Pending(NOW)), NOW).state())
                .isEqualTo(new Suppressed("channel sendgrid-email is not configured"));
    }

    private Notification outcome(DeliveryOutcome outcome) {
        return policy.onOutcome(sending(ChannelKind.TWILIO_SMS, 1), outcome, NOW);
    }

    private DeliveryState lookup(LookupOutcome outcome) {
        return policy.onLookup(sms(new Unknown(NOW, "503")), outcome, NOW).state();
    }

    private static Notification sms(DeliveryState state) {
        return to(ChannelKind.TWILIO_SMS, state);
    }

    private static Notification to(ChannelKind channel, DeliveryState state) {
        return notification(channel, state, 0);
    }

    private static Notification sending(ChannelKind channel, int attempts) {
        return notification(channel, new Sending(NOW.plusSeconds(60)), attempts);
    }

    private static Notification notification(
            ChannelKind channel, DeliveryState state, int attempts) {
        return new Notification(
                new UUID(0, 9),
                new Recipient(channel, "someone"),
                new Message("subject", "body"),
                state,
                attempts,
                attempts,
                attempts == 0 ? null : NOW,
                EXPIRY);
    }
}
