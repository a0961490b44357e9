package io.fleuve.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.alerts.ServiceUnderTest.Answer;
import io.fleuve.alerts.outbox.Announcer;
import io.fleuve.alerts.readings.RegionAverage;
import io.fleuve.alerts.rules.RuleDefaults;
import io.fleuve.alerts.store.AlertLedger;
import io.fleuve.alerts.store.AlertRepository;
import io.fleuve.alerts.store.AlertTeller;
import io.fleuve.alerts.store.AlertingSettings;
import io.fleuve.alerts.store.RuleRepository;
import io.fleuve.alerts.store.SilenceBook;
import io.fleuve.alerts.store.TransitionRepository;
import io.fleuve.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/**
 * The life of alerts over HTTP and a real database, without a broker: windows are given to the
 * ledger as the consumer would. Each test keeps to regions and rules of its own.
 */
class AlertLifeIT {

    private static final Instant DAY = Instant.parse("2024-05-01T00:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static EmbeddedPostgres postgres;
    private static ServiceUnderTest service;
    @TempDir private static Path directory;

    @BeforeAll
    static void start() {
        postgres = EmbeddedPostgres.temporary();
        service = startService();
    }

    private static ServiceUnderTest startService() {
        return new ServiceUnderTest(
                postgres,
                "127.0.0.1:1",
                directory,
                Map.of("fleuve.alerts.alerting.poll-interval", "100ms"));
    }

    @AfterAll
    static void stop() {
        service.close();
        postgres.close();
    }

    @Test
    void goesThroughAllStatesAndKeepsItsHistoryOverARestart() {
        rule(
                """
                {"name":"lasting","regions":["bakel"],"threshold":25,"for":"PT2H","keepFiringFor":"PT2H"}""");
        windows("bakel", 0, 26, 27, 20, 26, 20, 20);
        assertThat(states("bakel")).containsExactly("RESOLVED");
        String id = alert("bakel").path("id").asString();
        assertThat(kinds(id))
                .containsExactly(
                        "PENDING", "FIRING", "RECOVERING", "RELAPSED", "RECOVERING", "RESOLVED");
        assertThat(history(id).findValuesAsString("reason"))
                .containsExactly("breached", "held", "calmed", "relapsed", "calmed", "recovered");
        assertThat(alert("bakel").path("endedAt").asString()).isEqualTo("2024-05-01T04:00:00Z");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(messages(id)).containsExactly("FIRING", "RESOLVED"));

        service.close();
        service = startService();
        assertThat(kinds(id)).hasSize(6);
        // A replay of everything tells nobody anything.
        windows("bakel", 0, 26, 27, 20, 26, 20, 20);
        assertThat(kinds(id)).hasSize(6);
        assertThat(states("bakel")).containsExactly("RESOLVED");
    }

    @Test
    void leavesNoTraceInTheListOfAlertsThatLapsed() {
        rule(
                "{\"name\":\"lapsing\",\"regions\":[\"velingara\"],\"threshold\":25,\"for\":\"PT2H\"}");
        windows("velingara", 0, 26, 20);
        assertThat(states("velingara")).isEmpty();
        JsonNode lapsed = service.get("/alerts?region=velingara&state=inactive").body();
        assertThat(kinds(lapsed.at("/0/id").asString())).containsExactly("PENDING", "LAPSED");
    }

    @Test
    void tellsOfSevenRegionsInOneMessage() {
        List<String> regions = IntStream.range(0, 7).mapToObj(i -> "delta-" + i).toList();
        rule("{\"name\":\"delta\",\"regions\":%s,\"threshold\":25}".formatted(quoted(regions)));
        // In two batches, as from two partitions.
        List<RegionAverage> breach = regions.stream().map(r -> average(r, 0, 26)).toList();
        ledger().evaluate(breach.subList(0, 4));
        ledger().evaluate(breach.subList(4, 7));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            for (String region : regions) {
                                assertThat(messages(alert(region).path("id").asString()))
                                        .containsExactly("FIRING");
                            }
                        });
        List<String> messages =
                regions.stream()
                        .map(r -> alert(r).path("id").asString())
                        .map(id -> service.get("/alerts/" + id).body().at("/notifications/0/id"))
                        .map(JsonNode::asString)
                        .distinct()
                        .toList();
        assertThat(messages).as("messages for seven regions").hasSize(1);
    }

    @Test
    void holdsWhatIsSilencedAndTellsItWhenTheSilenceIsEnded() {
        rule("{\"name\":\"quiet\",\"regions\":[\"goudiry\"],\"threshold\":25}");
        Answer created =
                service.post(
                        "/silences",
                        """
                        {"matchers":[{"label":"region","value":"goudiry"}],"duration":"PT1H",
                         "author":"awa","comment":"works"}""");
        assertThat(created.status()).isEqualTo(201);
        String silence = "/silences/" + created.body().path("id").asString();
        assertThat(created.body().path("state").asString()).isEqualTo("active");

        windows("goudiry", 0, 26);
        String id = alert("goudiry").path("id").asString();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(history(id).at("/0/told").asString()).isEqualTo("HELD"));
        assertThat(history(id).at("/0/toldReason").asString()).startsWith("silenced by");
        assertThat(messages(id)).isEmpty();

        assertThat(service.post(silence + "/expire", "{\"by\":\"awa\"}").status()).isEqualTo(200);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(messages(id)).containsExactly("FIRING"));
        assertThat(service.post(silence + "/expire", "{\"by\":\"awa\"}").status()).isEqualTo(409);
        assertThat(service.get(silence).body().path("expiredBy").asString()).isEqualTo("awa");
        assertThat(service.post("/silences", "{\"duration\":\"PT1H\"}").body().path("errors"))
                .hasSize(2);
    }

    @Test
    void doesNotTellOfAWarningWhileTheRegionIsCritical() {
        rule(
                "{\"name\":\"linguere critical\",\"regions\":[\"linguere\"],\"threshold\":26,\"severity\":\"critical\"}");
        rule("{\"name\":\"linguere warning\",\"regions\":[\"linguere\"],\"threshold\":25}");
        windows("linguere", 0, 28);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            assertThat(messages(alertOf("linguere", "linguere critical")))
                                    .containsExactly("FIRING");
                            assertThat(
                                            history(alertOf("linguere", "linguere warning"))
                                                    .at("/0/toldReason")
                                                    .asString())
                                    .startsWith("inhibited by alert");
                        });
        // Both over: of the warning nobody learns.
        windows("linguere", 1, 20);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            assertThat(messages(alertOf("linguere", "linguere critical")))
                                    .containsExactly("FIRING", "RESOLVED");
                            assertThat(
                                            history(alertOf("linguere", "linguere warning"))
                                                    .at("/1/told")
                                                    .asString())
                                    .isEqualTo("DROPPED");
                        });
        assertThat(messages(alertOf("linguere", "linguere warning"))).isEmpty();
    }

    @Test
    void repeatsAndCallsInUntilSomeoneAcknowledges() {
        rule(
                """
                {"name":"urgent","regions":["saraya"],"threshold":25,"repeatEvery":"PT4H",
                 "escalateAfter":["PT15M"]}""");
        windows("saraya", 0, 26);
        String id = alert("saraya").path("id").asString();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(messages(id)).containsExactly("FIRING"));

        remindAndTell(Duration.ofMinutes(16));
        assertThat(messages(id)).containsExactly("FIRING", "ESCALATED");
        assertThat(alert("saraya").path("level").asInt()).isEqualTo(2);
        remindAndTell(Duration.ofHours(5));
        remindAndTell(Duration.ofHours(6));
        assertThat(messages(id)).containsExactly("FIRING", "ESCALATED", "REPEATED");

        String acknowledge = "/alerts/" + id + "/acknowledge";
        assertThat(service.post(acknowledge, "{}").status()).isEqualTo(400);
        Answer done = service.post(acknowledge, "{\"by\":\"awa\",\"comment\":\"on my way\"}");
        assertThat(done.status()).isEqualTo(200);
        assertThat(done.body().at("/acknowledgement/by").asString()).isEqualTo("awa");
        assertThat(service.post(acknowledge, "{\"by\":\"modou\"}").status()).isEqualTo(409);
        assertThat(
                        service.post(
                                        "/alerts/" + id + "/comments",
                                        "{\"by\":\"modou\",\"comment\":\"thanks\"}")
                                .status())
                .isEqualTo(200);
        remindAndTell(Duration.ofDays(2));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(messages(id))
                                        .containsExactlyInAnyOrder(
                                                "FIRING", "ESCALATED", "REPEATED", "ACKNOWLEDGED"));
        windows("saraya", 1, 20);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(messages(id)).hasSize(5).contains("RESOLVED"));
        assertThat(kinds(id))
                .containsExactly(
                        "FIRING", "ESCALATED", "REPEATED", "ACKNOWLEDGED", "COMMENTED", "RESOLVED");
        assertThat(service.post(acknowledge, "{\"by\":\"awa\"}").status()).isEqualTo(409);
    }

    @Test
    void findsSilenceAlsoWhereNothingWasEverHeard() {
        rule(
                """
                {"name":"silent","regions":["ranerou"],"aggregation":{"window":{"type":"tumbling","size":"PT1S"}},
                 "condition":{"type":"no-data","after":"PT2S"}}""");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(states("ranerou")).containsExactly("NO_DATA"));
        String id = alert("ranerou").path("id").asString();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(messages(id)).containsExactly("NO_DATA"));
    }

    @Test
    void showsWhatARuleWouldHaveDoneBeforeItIsSwitchedOn() {
        windows("podor-nord", 0, 20, 26, 27, 20, 20, 28);
        String rule = "{\"name\":\"trial\",\"regions\":[\"podor-nord\"],\"threshold\":25}";
        String body =
                "{\"rule\":%s,\"from\":\"2024-05-01T00:00:00Z\",\"to\":\"2024-05-02T00:00:00Z\"}";
        for (String path : List.of("/rules/dry-run", "/rules:dry-run")) {
            Answer trial = service.post(path, body.formatted(rule));
            assertThat(trial.status()).isEqualTo(200);
            assertThat(trial.body().path("windows").asInt()).isEqualTo(6);
            assertThat(trial.body().path("fired").asInt()).isEqualTo(2);
            assertThat(trial.body().at("/alerts/0/startedAt").asString())
                    .isEqualTo("2024-05-01T01:00:00Z");
            assertThat(trial.body().at("/alerts/0/endedAt").asString())
                    .isEqualTo("2024-05-01T03:00:00Z");
            assertThat(trial.body().at("/alerts/1/state").asString()).isEqualTo("FIRING");
        }
        assertThat(states("podor-nord")).as("a dry run raises nothing").isEmpty();

        String sixHours =
                rule.replace(
                        "}",
                        ",\"aggregation\":{\"window\":{\"type\":\"tumbling\",\"size\":\"PT3H\"}}}");
        Answer derived =
                service.post("/rules/dry-run", body.formatted(sixHours.replace("25", "24")));
        assertThat(derived.body().path("derived").asBoolean()).isTrue();
        assertThat(derived.body().path("windows").asInt()).isEqualTo(2);
        assertThat(derived.body().at("/alerts/0/peak").asDouble()).isEqualTo((20 + 26 + 27) / 3.0);

        assertThat(
                        service.post(
                                        "/rules/dry-run",
                                        body.formatted(rule.replace("podor-nord", "nowhere")))
                                .status())
                .isEqualTo(422);
        assertThat(service.post("/rules/dry-run", body.formatted("{}")).status()).isEqualTo(400);

        // What was recorded is what is normal; 28 is 8 above what someone says it is.
        assertThat(service.post("/normals/compute", "{}").body().path("normals").asInt())
                .isGreaterThanOrEqualTo(6);
        assertThat(
                        service.put(
                                        "/normals/podor-nord",
                                        "[{\"month\":5,\"hour\":5,\"celsius\":20}]")
                                .status())
                .isEqualTo(200);
        Answer deviation =
                service.post(
                        "/rules/dry-run",
                        body.formatted(
                                """
                                {"name":"odd","regions":["podor-nord"],"condition":{"type":"deviation","by":5}}"""));
        assertThat(deviation.body().path("alerts")).hasSize(1);
        assertThat(deviation.body().at("/alerts/0/value").asDouble()).isEqualTo(8);
    }

    @Test
    void endsAlertsOfARuleThatAsksSomethingElseAndKeepsThemWithANewLimit() {
        String rule = "{\"name\":\"moving\",\"regions\":[\"dagana\"],\"threshold\":25}";
        String path = "/rules/" + rule(rule).path("id").asString();
        windows("dagana", 0, 28);
        assertThat(service.put(path, rule.replace("25", "27")).status()).isEqualTo(200);
        assertThat(states("dagana")).containsExactly("FIRING");
        Answer changed =
                service.put(
                        path,
                        """
                        {"name":"moving","regions":["dagana"],"condition":{"type":"below","threshold":5}}""");
        assertThat(changed.body().at("/condition/recovery").asDouble()).isEqualTo(6);
        assertThat(states("dagana")).containsExactly("RESOLVED");
        assertThat(alert("dagana").path("endReason").asString()).isEqualTo("rule-changed");
    }

    @Test
    void namesTheFieldThatCannotBeRead() {
        Answer answer =
                service.post("/rules", "{\"name\":\"x\",\"aggregation\":{\"window\":\"PT1H\"}}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("detail").asString()).contains("aggregation.window");
        assertThat(service.get("/openapi").body().path("paths").has("/rules:dry-run")).isTrue();
    }

    /** Does what the clock would do, were it later. */
    private static void remindAndTell(Duration later) {
        AlertTeller teller =
                new AlertTeller(
                        new AlertTeller.Tables(
                                service.bean(RuleRepository.class),
                                service.bean(AlertRepository.class),
                                service.bean(TransitionRepository.class),
                                service.bean(SilenceBook.class)),
                        service.bean(RuleDefaults.class),
                        new AlertingSettings(Duration.ZERO, Duration.ofMinutes(1), 500, List.of()),
                        service.bean(Announcer.class),
                        new TransactionTemplate(service.bean(PlatformTransactionManager.class)),
                        _ -> {},
                        () -> Instant.now().plus(later));
        teller.remind();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            teller.tell();
                            assertThat(teller.tell()).isZero();
                        });
    }

    private static JsonNode rule(String body) {
        Answer created = service.post("/rules", body);
        assertThat(created.status()).as(created.body().toString()).isEqualTo(201);
        return created.body();
    }

    private static AlertLedger ledger() {
        return service.bean(AlertLedger.class);
    }

    private static void windows(String region, int fromHour, double... celsius) {
        List<RegionAverage> averages = new ArrayList<>();
        for (int i = 0; i < celsius.length; i++) {
            averages.add(average(region, fromHour + i, celsius[i]));
        }
        ledger().evaluate(averages);
    }

    private static RegionAverage average(String region, int hour, double celsius) {
        Instant start = DAY.plus(Duration.ofHours(hour));
        return new RegionAverage(
                region, start, start.plus(Duration.ofHours(1)), 2, celsius, celsius, celsius);
    }

    private static List<String> states(String region) {
        return service.get("/alerts?region=" + region).body().findValuesAsString("state");
    }

    private static JsonNode alert(String region) {
        return service.get("/alerts?region=" + region).body().path(0);
    }

    private static String alertOf(String region, String rule) {
        return StreamSupport.stream(
                        service.get("/alerts?region=" + region).body().spliterator(), false)
                .filter(a -> a.path("rule").asString().equals(rule))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asString();
    }

    private static JsonNode history(String id) {
        return service.get("/alerts/" + id + "/history").body();
    }

    private static List<String> kinds(String id) {
        return history(id).findValuesAsString("kind");
    }

    /** What was told of an alert, in the order of telling. */
    private static List<String> messages(String id) {
        return service.get("/alerts/" + id)
                .body()
                .path("notifications")
                .findValuesAsString("transition");
    }

    private static String quoted(List<String> names) {
        return "[\"" + String.join("\",\"", names) + "\"]";
    }
}
