package io.fleuve.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.fleuve.alerts.ProviderStub.Reply;
import io.fleuve.alerts.ServiceUnderTest.Answer;
import io.fleuve.alerts.readings.RegionAverage;
import io.fleuve.alerts.store.AlertLedger;
import io.fleuve.postgres.EmbeddedPostgres;
import jakarta.mail.internet.MimeMessage;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** People over HTTP, mail by a real mail server, and what providers report of messages. */
class SubscribersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PUBLIC_URL = "https://alerts.example.org";
    private static final String TOKEN = "token-for-tests";

    private static EmbeddedPostgres postgres;
    private static ProviderStub twilio;
    private static ProviderStub sendGrid;
    private static GreenMail mail;
    private static KeyPair receiptKey;
    private static ServiceUnderTest service;

    @BeforeAll
    static void start(@TempDir Path directory) throws GeneralSecurityException {
        postgres = EmbeddedPostgres.temporary();
        twilio = new ProviderStub();
        sendGrid = new ProviderStub();
        mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        receiptKey = KeyPairGenerator.getInstance("EC").generateKeyPair();
        Map<String, String> properties = new TreeMap<>();
        properties.put("fleuve.alerts.twilio.account-sid", "AC00000000000000000000000000000000");
        properties.put("fleuve.alerts.twilio.auth-token", TOKEN);
        properties.put("fleuve.alerts.twilio.from", "+15005550006");
        properties.put("fleuve.alerts.twilio.base-url", twilio.baseUrl());
        properties.put("fleuve.alerts.sendgrid.api-key", "SG.key-for-tests");
        properties.put("fleuve.alerts.sendgrid.from", "alerts@example.org");
        properties.put("fleuve.alerts.sendgrid.base-url", sendGrid.baseUrl());
        properties.put("fleuve.alerts.delivery.public-url", PUBLIC_URL);
        properties.put(
                "fleuve.alerts.delivery.sendgrid-receipt-key",
                Base64.getEncoder().encodeToString(receiptKey.getPublic().getEncoded()));
        properties.put("fleuve.alerts.delivery.channels.smtp.host", "127.0.0.1");
        properties.put(
                "fleuve.alerts.delivery.channels.smtp.port",
                Integer.toString(mail.getSmtp().getPort()));
        properties.put("fleuve.alerts.delivery.channels.smtp.from", "alerts@example.org");
        properties.put("fleuve.alerts.delivery.channels.smtp.to", "duty@example.org");
        properties.put("fleuve.alerts.outbox.poll-interval", "100ms");
        service = new ServiceUnderTest(postgres, "127.0.0.1:1", directory, properties);
    }

    @AfterAll
    static void stop() {
        service.close();
        mail.stop();
        sendGrid.close();
        twilio.close();
        postgres.close();
    }

    @Test
    void saysAllThatIsWrongWithASubscriberAtOnce() {
        Answer answer =
                service.post(
                        "/subscribers",
                        """
                        {"name": " ", "language": "wo", "severities": ["urgent"], "escalationLevel": 0,
                         "channels": [{"channel": "twilio-sms", "address": "770001"},
                                      {"channel": "pigeon"},
                                      {"channel": "webhook", "address": "http://169.254.169.254/"}],
                         "quietHours": {"from": "25:00", "to": "06:00", "zone": "Dakar"}}""");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().toString())
                .contains(
                        "name",
                        "channels[0].address",
                        "E.164",
                        "channels[1].channel",
                        "channels[2].address",
                        "severities",
                        "language",
                        "quietHours.from",
                        "quietHours.zone",
                        "escalationLevel");
    }

    @Test
    void saysThatATextCannotBeStored() {
        assertThat(service.post("/subscribers", body("A\\u0000", "{\"channel\": \"console\"}")))
                .satisfies(
                        answer -> {
                            assertThat(answer.status()).isEqualTo(400);
                            assertThat(answer.body().toString()).contains("control characters");
                        });
        assertThat(service.get("/alerts?region=a%00b"))
                .satisfies(
                        answer -> {
                            assertThat(answer.status()).isEqualTo(400);
                            assertThat(answer.body().toString()).contains("U+0000");
                        });
    }

    @Test
    void keepsChangesAndForgetsASubscriber() {
        String id = subscribe("Fatou", "{\"channel\": \"console\"}");

        assertThat(service.get("/subscribers").body().toString()).contains("Fatou");
        assertThat(service.post("/subscribers", body("Fatou", "{\"channel\": \"console\"}")))
                .satisfies(
                        again -> {
                            assertThat(again.status()).isEqualTo(409);
                            assertThat(again.body().path("detail").asString()).contains("Fatou");
                        });
        assertThat(
                        service.put(
                                        "/subscribers/" + id,
                                        body("Fatou D.", "{\"channel\": \"console\"}"))
                                .status())
                .isEqualTo(200);
        assertThat(service.get("/subscribers/" + id).body().path("name").asString())
                .isEqualTo("Fatou D.");
        assertThat(service.delete("/subscribers/" + id).status()).isEqualTo(204);
        assertThat(service.get("/subscribers/" + id).status()).isEqualTo(404);
    }

    @Test
    void mailsATestMessageOfWhichTheLinkUnsubscribes() throws Exception {
        String id =
                subscribe("Awa", "{\"channel\": \"smtp-email\", \"address\": \"awa@example.org\"}");

        String notification = test(id);
        awaitState(notification, "SENT");
        MimeMessage received = onlyMailTo("awa@example.org");
        assertThat(received.getMessageID()).isEqualTo("<" + notification + "@fleuve>");
        Matcher link =
                Pattern.compile("https://alerts\\.example\\.org(/unsubscribe\\?token=\\S+)")
                        .matcher((String) received.getContent());
        assertThat(link.find()).as((String) received.getContent()).isTrue();

        assertThat(service.text(link.group(1))).contains("Unsubscribe / Se désabonner");
        assertThat(service.get("/subscribers/" + id).body().path("active").asBoolean()).isTrue();
        assertThat(service.form(link.group(1) + "x", "", Map.of()).status()).isEqualTo(400);
        assertThat(service.form(link.group(1), "", Map.of()).status()).isEqualTo(200);
        assertThat(service.get("/subscribers/" + id).body().path("active").asBoolean()).isFalse();
        assertThat(service.post("/subscribers/" + id + "/test", "").status()).isEqualTo(404);
    }

    @Test
    void tellsAnAddressThatIsTheOperatorsTooOnceAndInTheSubscribersLanguage() throws Exception {
        subscribe("Duty", "{\"channel\": \"smtp-email\", \"address\": \"duty@example.org\"}");
        Instant start = Instant.parse("2026-11-22T12:00:00Z");

        service.bean(AlertLedger.class)
                .evaluate(
                        List.of(
                                new RegionAverage(
                                        regionOf("Duty"),
                                        start,
                                        start.plus(Duration.ofHours(1)),
                                        2,
                                        35,
                                        35,
                                        35)));
        await().atMost(PATIENCE)
                .until(() -> mail.getReceivedMessagesForDomain("duty@example.org").length > 0);

        MimeMessage received = onlyMailTo("duty@example.org");
        assertThat(received.getSubject()).contains("ALERTE", regionOf("Duty"));
        assertThat((String) received.getContent()).contains("/unsubscribe?token=");
        String alert =
                service.get("/alerts?state=FIRING&region=region%20of%20Duty")
                        .body()
                        .at("/0/id")
                        .asString();
        assertThat(service.get("/alerts/" + alert).body().path("notifications").size())
                .isEqualTo(1);
    }

    @Test
    void takesTwiliosReceiptOnlyWithItsSignature() throws Exception {
        twilio.behave(_ -> new Reply(201, Map.of(), "{\"sid\": \"SM7\", \"status\": \"queued\"}"));
        String notification =
                test(
                        subscribe(
                                "Moussa",
                                "{\"channel\": \"twilio-sms\", \"address\": \"+221700000007\"}"));
        awaitState(notification, "SENT");
        String path = "/receipts/twilio?notification=" + notification;
        Map<String, String> form = Map.of("MessageSid", "SM7", "MessageStatus", "delivered");
        String signature = signedAsTwilioDoes(PUBLIC_URL + path, new TreeMap<>(form));

        assertThat(
                        service.form(path, encoded(form), Map.of("X-Twilio-Signature", "wrong"))
                                .status())
                .isEqualTo(403);
        assertThat(service.form(path, encoded(form), Map.of()).status()).isEqualTo(403);
        assertThat(state(notification)).isEqualTo("SENT");

        assertThat(
                        service.form(path, encoded(form), Map.of("X-Twilio-Signature", signature))
                                .status())
                .isEqualTo(204);
        awaitState(notification, "DELIVERED");
    }

    @Test
    void takesSendGridsEventsOnlyWithTheirSignature() throws Exception {
        sendGrid.behave(_ -> new Reply(202, Map.of("X-Message-Id", "mail-9"), ""));
        String notification =
                test(
                        subscribe(
                                "Ousmane",
                                "{\"channel\": \"sendgrid-email\", \"address\": \"ousmane@example.org\"}"));
        awaitState(notification, "SENT");
        String events =
                "[{\"event\": \"bounce\", \"reason\": \"550 no such person\", \"sg_event_id\": \"e-9\","
                        + " \"sg_message_id\": \"mail-9\", \"fleuve_notification\": \""
                        + notification
                        + "\"}]";
        String now = Long.toString(Instant.now().getEpochSecond());
        String longAgo = Long.toString(Instant.now().minus(Duration.ofDays(3)).getEpochSecond());

        assertThat(events(events, now, signed(now, events + " "))).isEqualTo(403);
        assertThat(events(events, longAgo, signed(longAgo, events))).isEqualTo(403);
        assertThat(state(notification)).isEqualTo("SENT");
        assertThat(events(events, now, signed(now, events))).isEqualTo(204);

        awaitState(notification, "DEAD");
        assertThat(service.get("/notifications/" + notification).body().toString())
                .contains("550 no such person");
    }

    private static String subscribe(String name, String channel) {
        Answer answer = service.post("/subscribers", body(name, channel));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        return answer.body().path("id").asString();
    }

    private static String body(String name, String channel) {
        return "{\"name\": \"%s\", \"channels\": [%s], \"regions\": [\"%s\"], \"language\": \"fr\"}"
                .formatted(name, channel, regionOf(name));
    }

    /** Each test has a region of its own. */
    private static String regionOf(String name) {
        return "region of " + name;
    }

    private static String test(String subscriber) {
        Answer answer = service.post("/subscribers/" + subscriber + "/test", "");
        assertThat(answer.status()).isEqualTo(202);
        JsonNode notifications = answer.body().path("notifications");
        assertThat(notifications.size()).isEqualTo(1);
        return notifications.get(0).asString();
    }

    private static String state(String notification) {
        return service.get("/notifications/" + notification).body().path("state").asString();
    }

    private static void awaitState(String notification, String state) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(state(notification)).isEqualTo(state));
    }

    private static MimeMessage onlyMailTo(String address) {
        MimeMessage[] received = mail.getReceivedMessagesForDomain(address);
        assertThat(received).hasSize(1);
        return received[0];
    }

    private static int events(String body, String timestamp, String signature) {
        return service.post(
                        "/receipts/sendgrid",
                        body,
                        Map.of(
                                "X-Twilio-Email-Event-Webhook-Signature", signature,
                                "X-Twilio-Email-Event-Webhook-Timestamp", timestamp))
                .status();
    }

    private static String signed(String timestamp, String body) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(receiptKey.getPrivate());
        signature.update((timestamp + body).getBytes(UTF_8));
        return Base64.getEncoder().encodeToString(signature.sign());
    }

    // HMAC-SHA1 over the URL and the sorted fields, as Twilio's security page describes it.
    private static String signedAsTwilioDoes(String url, TreeMap<String, String> form)
            throws GeneralSecurityException {
        StringBuilder text = new StringBuilder(url);
        form.forEach((key, value) -> text.append(key).append(value));
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(TOKEN.getBytes(UTF_8), "HmacSHA1"));
        return Base64.getEncoder().encodeToString(mac.doFinal(text.toString().getBytes(UTF_8)));
    }

    private static String encoded(Map<String, String> form) {
        StringBuilder text = new StringBuilder();
        form.forEach(
                (key, value) ->
                        text.append(text.isEmpty() ? "" : "&")
                                .append(key)
                                .append('=')
                                .append(URLEncoder.encode(value, UTF_8)));
        return text.toString();
    }
}
