package io.fleuve.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.alerts.ProviderStub.Call;
import io.fleuve.alerts.ProviderStub.Reply;
import io.fleuve.alerts.readings.RegionAverage;
import io.fleuve.alerts.store.AlertLedger;
import io.fleuve.postgres.EmbeddedPostgres;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real SDKs against providers on loopback, with a real database and no broker at all: the
 * service delivers what is in its outbox whether Kafka is there or not.
 */
class NotificationDeliveryIT {

    private static final String SID = "AC00000000000000000000000000000000";
    private static final String TOKEN = "token-for-tests";
    private static final String KEY = "SG.key-for-tests";
    private static final String TO = "+221700000001";
    private static final Instant WINDOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static EmbeddedPostgres postgres;
    private static ProviderStub twilio;
    private static ProviderStub sendGrid;
    private static ServiceUnderTest service;

    private final JsonMapper json = JsonMapper.builder().build();

    @BeforeAll
    static void start(@TempDir Path directory) {
        postgres = EmbeddedPostgres.temporary();
        twilio = new ProviderStub();
        sendGrid = new ProviderStub();
        Map<String, String> properties = new TreeMap<>();
        properties.put("fleuve.alerts.twilio.account-sid", SID);
        properties.put("fleuve.alerts.twilio.auth-token", TOKEN);
        properties.put("fleuve.alerts.twilio.from", "+15005550006");
        properties.put("fleuve.alerts.twilio.to", TO);
        properties.put("fleuve.alerts.twilio.base-url", twilio.baseUrl());
        properties.put("fleuve.alerts.sendgrid.api-key", KEY);
        properties.put("fleuve.alerts.sendgrid.from", "alerts@example.org");
        properties.put("fleuve.alerts.sendgrid.to", "someone@example.org");
        properties.put("fleuve.alerts.sendgrid.base-url", sendGrid.baseUrl());
        properties.put("fleuve.alerts.outbox.poll-interval", "100ms");
        properties.put("fleuve.alerts.outbox.lookup-delay", "300ms");
        service = new ServiceUnderTest(postgres, "127.0.0.1:1", directory, properties);
    }

    @AfterAll
    static void stop() {
        service.close();
        sendGrid.close();
        twilio.close();
        postgres.close();
    }

    @Test
    void sendsExactlyOneWellFormedPostToEachProviderForOneAlert() {
        twilio.behave(_ -> created("SM1"));
        sendGrid.behave(_ -> new Reply(202, Map.of("X-Message-Id", "mail-1"), ""));

        breach("tambacounda");
        // The same average again, as after a crash before offsets were committed.
        breach("tambacounda");
        awaitState("tambacounda", "twilio-sms", "SENT");
        awaitState("tambacounda", "sendgrid-email", "SENT");

        List<Call> texts = twilio.calls("POST", "tambacounda");
        assertThat(texts).hasSize(1);
        Call text = texts.getFirst();
        assertThat(text.path()).isEqualTo("/2010-04-01/Accounts/" + SID + "/Messages.json");
        assertThat(text.header("Authorization"))
                .isEqualTo(
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString((SID + ":" + TOKEN).getBytes(UTF_8)));
        assertThat(text.header("Content-type")).startsWith("application/x-www-form-urlencoded");
        assertThat(form(text.body()))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "To",
                                TO,
                                "From",
                                "+15005550006",
                                "Body",
                                "FIRING warning tambacounda: average 35.0 C above 30 C"
                                        + " (2026-11-22T12:00Z-13:00Z)"));

        List<Call> mails = sendGrid.calls("POST", "tambacounda");
        assertThat(mails).hasSize(1);
        Call mail = mails.getFirst();
        assertThat(mail.path()).isEqualTo("/v3/mail/send");
        assertThat(mail.header("Authorization")).isEqualTo("Bearer " + KEY);
        JsonNode body = json.readTree(mail.body());
        assertThat(body.at("/from/email").asString()).isEqualTo("alerts@example.org");
        assertThat(body.at("/personalizations/0/to/0/email").asString())
                .isEqualTo("someone@example.org");
        assertThat(body.at("/personalizations/0/custom_args/fleuve_notification").asString())
                .isEqualTo(notification("tambacounda", "sendgrid-email").path("id").asString());
        assertThat(body.path("subject").asString())
                .isEqualTo("FIRING warning: tambacounda, average 35.0 °C above 30 °C");
        assertThat(body.at("/content/0/type").asString()).isEqualTo("text/plain");
        assertThat(notification("tambacounda", "twilio-sms").path("providerId").asString())
                .isEqualTo("SM1");
        assertThat(notification("tambacounda", "sendgrid-email").path("providerId").asString())
                .isEqualTo("mail-1");
    }

    @Test
    void looksAnSmsUpAfterAServerErrorAndDoesNotSendItTwiceWhenTwilioHasIt() {
        sendGrid.behave(_ -> new Reply(202, Map.of(), ""));
        twilio.behave(
                call ->
                        call.method().equals("POST")
                                ? new Reply(503, Map.of("Retry-After", "1"), "{}")
                                : messages(twilio.calls("POST", "kolda").getFirst()));

        breach("kolda");
        awaitState("kolda", "twilio-sms", "SENT");

        assertThat(twilio.calls("POST", "kolda")).hasSize(1);
        assertThat(notification("kolda", "twilio-sms").path("providerId").asString())
                .isEqualTo("SMfound");
        Map<String, String> question = form(twilio.calls("GET", "PageSize").getLast().query());
        assertThat(question).containsEntry("To", TO).containsEntry("From", "+15005550006");
    }

    @Test
    void sendsAnSmsAgainAfterAServerErrorWhenTwilioNeverTookIt() {
        sendGrid.behave(_ -> new Reply(202, Map.of(), ""));
        twilio.behave(
                call -> {
                    if (call.method().equals("GET")) {
                        return new Reply(200, Map.of(), "{\"messages\":[],\"page_size\":100}");
                    }
                    return twilio.calls("POST", "matam").size() < 2
                            ? new Reply(500, Map.of(), "not json")
                            : created("SM2");
                });

        breach("matam");
        awaitState("matam", "twilio-sms", "SENT");

        assertThat(twilio.calls("POST", "matam")).hasSize(2);
        assertThat(notification("matam", "twilio-sms").path("attempts").asInt()).isEqualTo(2);
    }

    @Test
    void waitsAsLongAsTheProviderAsksAfterTooManyRequests() {
        twilio.behave(
                _ ->
                        twilio.calls("POST", "louga").size() < 2
                                ? new Reply(
                                        429,
                                        Map.of("Retry-After", "3"),
                                        "{\"code\":20429,\"message\":\"Too Many Requests\",\"status\":429}")
                                : created("SM3"));
        sendGrid.behave(
                _ ->
                        sendGrid.calls("POST", "louga").size() < 2
                                ? new Reply(429, Map.of("retry-after", "3"), "")
                                : new Reply(202, Map.of(), ""));

        breach("louga");
        awaitState("louga", "twilio-sms", "SENT");
        awaitState("louga", "sendgrid-email", "SENT");

        for (ProviderStub provider : List.of(twilio, sendGrid)) {
            List<Call> attempts = provider.calls("POST", "louga");
            assertThat(attempts).hasSize(2);
            // The backoff alone would be at most one second.
            assertThat(Duration.between(attempts.get(0).at(), attempts.get(1).at()))
                    .isBetween(Duration.ofMillis(2_900), Duration.ofSeconds(8));
        }
    }

    @Test
    void tellsOfTheEndOnlyAfterTheBeginningHasBeenTold() {
        twilio.behave(_ -> created("SM6"));
        sendGrid.behave(
                _ ->
                        sendGrid.calls("POST", "dagana").size() < 2
                                ? new Reply(429, Map.of("Retry-After", "2"), "")
                                : new Reply(202, Map.of(), ""));

        breach("dagana");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(sendGrid.calls("POST", "dagana")).hasSize(1));
        average("dagana", 1, 20);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(told("dagana", "sendgrid-email"))
                                        .containsExactly("FIRING SENT", "RESOLVED SENT"));

        assertThat(sendGrid.calls("POST", "dagana").stream().map(this::subject))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("FIRING"),
                        again -> assertThat(again).startsWith("FIRING"),
                        end -> assertThat(end).startsWith("RESOLVED"));
    }

    private String subject(Call mail) {
        return json.readTree(mail.body()).path("subject").asString();
    }

    private static List<String> told(String region, String channel) {
        return notifications(region)
                .filter(n -> n.path("channel").asString().equals(channel))
                .map(n -> n.path("transition").asString() + " " + n.path("state").asString())
                .toList();
    }

    @Test
    void givesUpOnAPermanentErrorWithItsReasonAndTriesAgainWhenAsked() {
        sendGrid.behave(
                _ ->
                        new Reply(
                                401,
                                Map.of(),
                                "{\"errors\":[{\"message\":\"authorization required\"}]}"));
        twilio.behave(
                _ ->
                        new Reply(
                                400,
                                Map.of(),
                                "{\"code\":21211,\"message\":\"The 'To' number is not valid\","
                                        + "\"more_info\":\"https://www.twilio.com/docs/errors/21211\","
                                        + "\"status\":400}"));

        breach("podor");
        awaitState("podor", "twilio-sms", "DEAD");
        awaitState("podor", "sendgrid-email", "DEAD");

        JsonNode dead = notification("podor", "twilio-sms");
        assertThat(dead.path("reason").asString())
                .isEqualTo("Twilio error 21211: The 'To' number is not valid");
        assertThat(notification("podor", "sendgrid-email").path("reason").asString())
                .isEqualTo("SendGrid answered 401: authorization required");
        assertThat(twilio.calls("POST", "podor")).hasSize(1);

        twilio.behave(_ -> created("SM4"));
        String retry = "/notifications/" + dead.path("id").asString() + "/retry";
        assertThat(service.post(retry, "").status()).isEqualTo(202);
        awaitState("podor", "twilio-sms", "SENT");
        assertThat(service.post(retry, "").status()).isEqualTo(409);
    }

    @Test
    void isAliveButNotReadyWithoutABroker() {
        assertThat(service.get("/actuator/health/liveness").status()).isEqualTo(200);
        ServiceUnderTest.Answer readiness = service.get("/actuator/health/readiness");
        assertThat(readiness.status()).isEqualTo(503);
        assertThat(readiness.body().at("/components/streams/details/state").asString())
                .isEqualTo("WAITING_FOR_BROKER");
        assertThat(readiness.body().at("/components/db/status").asString()).isEqualTo("UP");
    }

    @Test
    void keepsRulesOverHttpAndSaysWhatIsWrongWithBadOnes() {
        ServiceUnderTest.Answer bad =
                service.post("/rules", "{\"name\":\"\",\"threshold\":20,\"recoveryThreshold\":25}");
        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.body().path("errors").findValuesAsString("field"))
                .containsExactly("name", "recoveryThreshold");
        assertThat(service.post("/rules", "{").status()).isEqualTo(400);

        String frost =
                "{\"name\":\"oven\",\"regions\":[\"nowhere\"],\"threshold\":90,\"severity\":\"critical\"}";
        ServiceUnderTest.Answer created = service.post("/rules", frost);
        assertThat(created.status()).isEqualTo(201);
        String path = "/rules/" + created.body().path("id").asString();
        assertThat(created.body().path("recoveryThreshold").asDouble()).isEqualTo(89);
        assertThat(service.post("/rules", frost).status()).isEqualTo(409);
        assertThat(service.put(path, frost.replace("90", "91")).body().path("threshold").asDouble())
                .isEqualTo(91);
        assertThat(service.get("/rules").body().findValuesAsString("name"))
                .containsExactly("average above 30 °C", "oven");
        assertThat(service.delete(path).status()).isEqualTo(204);
        assertThat(service.get(path).status()).isEqualTo(404);
        assertThat(service.get("/rules/no-uuid").status()).isEqualTo(400);
        assertThat(service.get("/alerts?size=100000").status()).isEqualTo(400);
        assertThat(service.get("/alerts?state=angry").body().path("detail").asString())
                .contains("firing, recovering, no_data, resolved");
    }

    @Test
    void tellsThatAnAlertEndedWhenItsRuleIsDeleted() {
        twilio.behave(_ -> created("SM5"));
        sendGrid.behave(_ -> new Reply(202, Map.of(), ""));
        String rule =
                service.post(
                                "/rules",
                                "{\"name\":\"kaolack\",\"regions\":[\"kaolack\"],\"threshold\":20}")
                        .body()
                        .path("id")
                        .asString();
        average("kaolack", 0, 25);
        assertThat(service.delete("/rules/" + rule).status()).isEqualTo(204);

        JsonNode alert = service.get("/alerts?region=kaolack").body().at("/0");
        assertThat(alert.path("state").asString()).isEqualTo("RESOLVED");
        assertThat(alert.path("endReason").asString()).isEqualTo("rule-deleted");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(twilio.calls("POST", "RESOLVED+warning+kaolack"))
                                        .hasSize(1));
        average("kaolack", 1, 25);
        assertThat(service.get("/alerts?region=kaolack").body().size()).isEqualTo(1);
        String id = alert.path("id").asString();
        assertThat(service.get("/alerts/" + id).body().path("id").asString()).isEqualTo(id);
    }

    @Test
    void servesItsDocumentAndMetrics() {
        assertThat(service.get("/openapi").body().path("paths").has("/alerts")).isTrue();
        assertThat(service.text("/actuator/prometheus"))
                .contains("fleuve_alerts_outbox_depth", "fleuve_alerts_readings_late_total")
                .doesNotContain(TOKEN, KEY);
    }

    private static void breach(String region) {
        average(region, 0, 35);
    }

    private static void average(String region, int hour, double celsius) {
        Instant start = WINDOW.plus(Duration.ofHours(hour));
        service.bean(AlertLedger.class)
                .evaluate(
                        List.of(
                                new RegionAverage(
                                        region,
                                        start,
                                        start.plus(Duration.ofHours(1)),
                                        2,
                                        celsius,
                                        celsius,
                                        celsius)));
    }

    private static void awaitState(String region, String channel, String state) {
        // It is not there until the wait for others of its group is over.
        await().atMost(PATIENCE)
                .ignoreException(NoSuchElementException.class)
                .untilAsserted(
                        () ->
                                assertThat(notification(region, channel).path("state").asString())
                                        .isEqualTo(state));
    }

    private static JsonNode notification(String region, String channel) {
        return notifications(region)
                .filter(n -> n.path("channel").asString().equals(channel))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<JsonNode> notifications(String region) {
        String alert = service.get("/alerts?region=" + region).body().at("/0/id").asString();
        return StreamSupport.stream(
                service.get("/alerts/" + alert).body().path("notifications").spliterator(), false);
    }

    private static Reply created(String sid) {
        return new Reply(201, Map.of(), "{\"sid\":\"%s\",\"status\":\"queued\"}".formatted(sid));
    }

    /**
     * Twilio's list with the message that {@code post} asked for, and an older one with the same
     * text.
     */
    private static Reply messages(Call post) {
        String text = form(post.body()).getOrDefault("Body", "");
        String message =
                "{\"sid\":\"%s\",\"body\":\"%s\",\"status\":\"queued\",\"date_created\":\"%s\"}";
        DateTimeFormatter rfc2822 =
                DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT);
        ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
        return new Reply(
                200,
                Map.of(),
                "{\"messages\":[%s,%s],\"page_size\":100}"
                        .formatted(
                                message.formatted("SMold", text, rfc2822.format(now.minusDays(1))),
                                message.formatted("SMfound", text, rfc2822.format(now))));
    }

    private static Map<String, String> form(String encoded) {
        return Arrays.stream(encoded.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(
                        Collectors.toMap(
                                pair -> URLDecoder.decode(pair[0], UTF_8),
                                pair -> URLDecoder.decode(pair[1], UTF_8)));
    }
}
