package io.fleuve.alerts.subscribers;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.alerts.rules.Severity;
import io.fleuve.alerts.subscribers.SubscriberDraft.Checked;
import io.fleuve.alerts.subscribers.SubscriberDraft.Quiet;
import io.fleuve.alerts.subscribers.SubscriberDraft.Way;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SubscriberDraftTest {

    private static final Way SMS = new Way("twilio-sms", "+221700000001", null);
    private static final Instant MIDNIGHT = Instant.parse("2026-01-31T23:59:00Z");

    @Test
    void namesEveryFieldThatIsWrong() {
        SubscriberDraft draft =
                new SubscriberDraft(
                        " ",
                        List.of(
                                new Way("twilio-sms", "0700", null),
                                new Way("pigeon", "x", null),
                                new Way("slack", "http://169.254.169.254/", null)),
                        null,
                        List.of("loud"),
                        "wo",
                        new Quiet("22", "06:00", "Mars/Base", null, "later"),
                        0);
        assertThat(draft.check(UUID.randomUUID()))
                .isInstanceOfSatisfying(
                        Checked.Invalid.class,
                        invalid ->
                                assertThat(invalid.problems())
                                        .extracting(SubscriberDraft.Problem::field)
                                        .containsExactly(
                                                "name",
                                                "channels[0].address",
                                                "channels[1].channel",
                                                "channels[2].address",
                                                "severities",
                                                "language",
                                                "quietHours.from",
                                                "quietHours.zone",
                                                "quietHours.policy",
                                                "escalationLevel"));
    }

    @Test
    void delaysInQuietHoursUnlessItIsCritical() {
        Subscriber awa = valid("delay");
        assertThat(awa.timing(Severity.WARNING, MIDNIGHT))
                .isEqualTo(new Timing.At(Instant.parse("2026-02-01T06:00:00Z")));
        assertThat(awa.timing(Severity.CRITICAL, MIDNIGHT)).isEqualTo(new Timing.At(MIDNIGHT));
    }

    @Test
    void dropsInQuietHoursWhoeverAsksForThat() {
        assertThat(valid("drop").timing(Severity.INFO, MIDNIGHT))
                .isInstanceOf(Timing.Dropped.class);
    }

    @Test
    void takesOnlyGenuineTokensForUnsubscribing() {
        UUID id = UUID.randomUUID();
        UnsubscribeToken token = new UnsubscribeToken("secret");
        assertThat(token.verify(token.sign(id))).contains(id);
        assertThat(new UnsubscribeToken("other").verify(token.sign(id))).isEmpty();
        assertThat(token.verify(UUID.randomUUID() + token.sign(id).substring(36))).isEmpty();
        assertThat(token.verify("x.y")).isEmpty();
    }

    private static Subscriber valid(String policy) {
        Checked checked =
                new SubscriberDraft(
                                "Awa",
                                List.of(SMS),
                                null,
                                null,
                                "fr",
                                new Quiet("22:00", "06:00", "Africa/Dakar", null, policy),
                                null)
                        .check(UUID.randomUUID());
        if (checked instanceof Checked.Valid(Subscriber subscriber)) {
            return subscriber;
        }
        throw new AssertionError(checked);
    }
}
