package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fleuve.gateway.ConsoleIT.AlertStub;
import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** The console in a browser, used as a person would. */
@ExtendWith(GatewayUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleBrowserIT {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final String FIRING =
            """
            [{"id":"a1","rule":"heat","region":"dakar","severity":"warning","state":"FIRING","value":31.4,
              "startedAt":"2024-05-01T13:00:00Z","endedAt":null}]""";

    private final AlertStub alerts;
    private final ConfigurableApplicationContext gateway;
    private final Client client;
    private final Browser browser;

    ConsoleBrowserIT(Client shared) throws IOException {
        browser = Browser.start();
        alerts = AlertStub.start("[]");
        gateway =
                GatewayUnderTest.startGateway(
                        shared.bootstrap(), "--fleuve.gateway.console.alerts-url=" + alerts.url());
        client = Client.of(gateway, shared.bootstrap());
        browser.resize(1440, 900);
    }

    @AfterAll
    void stop() {
        browser.close();
        gateway.close();
        alerts.close();
    }

    @Test
    void showsWhatTheFormProducesInTheLiveTail() {
        String topic = client.createTopic(3);
        open("topics/" + topic + "/messages");
        browser.awaitText("#messages", "No messages here");
        browser.click("#live");
        browser.awaitText("#live-state", "Live");

        Runnable back = browser.newTab();
        open("topics/" + topic + "/produce");
        browser.type("input[name=key]", "dakar");
        browser.type("textarea[name=value]", "{\"celsius\": 31.4, \"note\": \"it's hot\"}");
        browser.click("main button.primary");
        browser.awaitText(".receipts", "written");
        back.run();

        browser.awaitText("#messages .msg .key", "dakar");
        browser.click("#messages .msg-head");
        browser.awaitText("#messages .tree", "celsius: 31.4");
        browser.awaitText("#messages .tree", "note: \"it's hot\"");

        browser.click("#live");
        browser.awaitText("#live-state", "Paused");
        produce(topic, "{\"key\":{\"type\":\"STRING\",\"data\":\"while paused\"}}");
        browser.awaitText("#live-state", "1 waiting");
        browser.click("#live");
        browser.awaitText("#messages .msg .key", "while paused");
        browser.awaitText("#messages .msg .val", "tombstone");
    }

    @Test
    void readsNewestFirstFiltersAndSeeks() {
        String topic = client.createTopic(2);
        for (int i = 0; i < 120; i++) {
            produce(
                    topic,
                    "{\"partition_id\":%d,\"value\":{\"type\":\"STRING\",\"data\":\"number %d.\"},\"timestamp\":\"2024-05-01T13:%02d:%02dZ\"}"
                            .formatted(i % 2, i, i / 60, i % 60));
        }
        open("topics/" + topic + "/messages");
        browser.awaitText("#messages .msg:first-child .val", "number 119.");
        browser.awaitText("#messages .msg:nth-child(50) .val", "number 70.");
        browser.named("Older messages").click();
        browser.awaitText("#messages .msg:nth-child(100) .val", "number 20.");
        browser.named("Older messages").click();
        browser.awaitText("#messages .msg:nth-child(120) .val", "number 0.");
        browser.awaitText(".more", "That is the first message.");

        browser.type("[data-search]", "number 77.");
        browser.awaitGone("#messages .msg:nth-child(2)");
        browser.awaitText("#messages .msg .val", "number 77.");
        browser.type("[data-search]", "no such thing");
        browser.awaitText("#messages", "No message matches");
    }

    @Test
    void givesACommandThatIsRightToPaste() throws Exception {
        assumeThat(Browser.onPath("curl")).as("curl is not on the PATH").isPresent();
        String topic = client.createTopic(1);
        open("topics/" + topic + "/produce");
        browser.type("input[name=key]", "it's \"$HOME\" `id` \\ !");
        browser.type(
                "textarea[name=value]",
                "{\"big\": 12345678901234567890, \"text\": \"l'été\\n$(id)\", \"price\": 1.50}");
        browser.named("Add header").click();
        browser.type(".header-row input:first-child", "trace");
        browser.type(".header-row input:nth-child(2)", "a'b");
        String command =
                String.valueOf(browser.run("return document.querySelector('.curl').textContent"));

        Process shell = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).contains("\"error_code\":200");

        Answer answer =
                client.get(
                                "/topics/" + topic + "/partitions/0/records",
                                "Accept",
                                "application/json")
                        .expect(200);
        JsonNode record = answer.json().at("/records/0");
        assertThat(record.get("key").stringValue()).isEqualTo("it's \"$HOME\" `id` \\ !");
        assertThat(answer.text())
                .contains("12345678901234567890")
                .contains("l'été\\n$(id)")
                .contains("1.50");
        assertThat(record.at("/headers/0/value").stringValue()).isEqualTo("YSdi");
    }

    @Test
    void resetsOffsetsAfterShowingWhatThatChanges() throws Exception {
        String topic = client.createTopic(1);
        for (int i = 0; i < 5; i++) {
            produce(topic, "{\"value\":{\"type\":\"JSON\",\"data\":" + i + "}}");
        }
        String group = "g-" + UUID.randomUUID();
        commit(group, topic, 5);
        String path = client.cluster() + "/consumer-groups/" + group;
        assumeThat(
                        client.postJson(
                                        path + "/offsets:reset",
                                        "{\"target\":\"earliest\",\"dry_run\":true}")
                                .status())
                .as("this gateway cannot reset offsets")
                .isEqualTo(200);

        open("groups/" + group);
        browser.awaitText("td", topic);
        browser.click("#reset");
        browser.awaitText("#effect", "5 messages will be read again");
        assertThat(lagOf(path, topic)).isZero();
        browser.click("dialog button.primary");
        browser.awaitGone("dialog");
        assertThat(lagOf(path, topic)).isEqualTo(5);
        browser.awaitText(".sub", "5 behind on 1 partition");
    }

    private long lagOf(String path, String topic) {
        return client.get(path + "/lags/" + topic + "/partitions/0")
                .expect(200)
                .json()
                .get("lag")
                .longValue();
    }

    @Test
    void showsTheDifferenceBeforeASettingIsChanged() {
        String topic = client.createTopic(1);
        open("topics/" + topic + "/configs");
        browser.type("[data-search]", "retention.ms");
        browser.type("input[aria-label='retention.ms']", "3600000");
        browser.named("Review changes").click();
        browser.awaitText("#diff .old", "- 604800000");
        browser.awaitText("#diff .new", "+ 3600000");
        assumeThat(
                        client.postJson(
                                        client.cluster() + "/topics/" + topic + "/configs:alter",
                                        "{\"data\":[]}")
                                .status())
                .as("this gateway cannot change settings")
                .isNotEqualTo(404);
        browser.click("dialog button.primary");
        browser.awaitText("tbody tr", "this topic");
        assertThat(
                        client.get(client.cluster() + "/topics/" + topic + "/configs/retention.ms")
                                .expect(200)
                                .json()
                                .get("value")
                                .stringValue())
                .isEqualTo("3600000");
    }

    @Test
    void createsATopicAndDeletesItOnlyWhenItsNameIsTyped() {
        String topic = "made-" + UUID.randomUUID();
        open("topics");
        browser.named("Create topic").click();
        browser.type("dialog input", topic);
        browser.click("dialog button.primary");
        browser.awaitText("h1", topic);
        client.get(client.cluster() + "/topics/" + topic).expect(200);

        browser.named("Delete").click();
        assertThat(browser.find("dialog button.primary").isEnabled()).isFalse();
        browser.type("dialog input", topic);
        browser.click("dialog button.primary");
        browser.awaitText("h1", "Topics");
        client.get(client.cluster() + "/topics/" + topic).expect(404);
    }

    @Test
    void isUsableWithoutAMouse() {
        String topic = client.createTopic(1);
        open("topics");
        browser.awaitText("tbody", topic);
        browser.press("/");
        assertThat(browser.focused()).contains("data-search");
        browser.press(topic);
        browser.awaitGone("tbody tr:nth-child(2)");
        browser.press(Keys.ENTER);
        assertThat(browser.focused()).startsWith("<tr");
        browser.press(Keys.ENTER);
        browser.awaitText("h1", topic);
        assertThat(browser.address()).endsWith("#/topics/" + topic);
        browser.press("/");
        browser.press("x", Keys.ESCAPE);
        assertThat(browser.run("return document.querySelector('[data-search]').value"))
                .isEqualTo("");
    }

    @Test
    void showsAlertsAsTheyFireAndEnd() {
        alerts.answer("[]");
        open("weather");
        browser.awaitText("main", "No alerts");
        alerts.answer(FIRING);
        browser.awaitText("[data-alert=a1]", "firing");
        browser.awaitText("[data-alert=a1]", "31.4 °C");
        alerts.answer(
                FIRING.replace("\"FIRING\"", "\"RESOLVED\"")
                        .replace("\"endedAt\":null", "\"endedAt\":\"2024-05-01T18:00:00Z\""));
        browser.awaitText("[data-alert=a1]", "ended");
        alerts.answer("gone");
        browser.awaitText("main", "The alert service is away");
    }

    @Test
    void fitsPhonesAndScreensInBothThemes() throws Exception {
        alerts.answer(FIRING);
        String topic = client.createTopic(3);
        for (int i = 0; i < 12; i++) {
            produce(
                    topic,
                    "{\"key\":{\"type\":\"STRING\",\"data\":\"customer-%d\"},\"value\":{\"type\":\"JSON\",\"data\":{\"order\":%d,\"paid\":true}}}"
                            .formatted(i % 3, i));
        }
        String group = "readers-" + UUID.randomUUID();
        commit(group, topic, 1);
        Map<String, String> pages =
                Map.of(
                        "overview", "overview",
                        "topics", "topics",
                        "messages", "topics/" + topic + "/messages",
                        "produce", "topics/" + topic + "/produce",
                        "configs", "topics/" + topic + "/configs",
                        "partitions", "topics/" + topic + "/partitions",
                        "groups", "groups",
                        "group", "groups/" + group,
                        "weather", "weather");
        browser.complaints();
        try {
            for (int width : List.of(390, 1440)) {
                browser.resize(width, width < 700 ? 844 : 900);
                for (String theme : List.of("light", "dark")) {
                    browser.prefer(theme);
                    for (Map.Entry<String, String> page : pages.entrySet()) {
                        open(page.getValue());
                        browser.find("h1");
                        browser.awaitGone("[aria-busy]");
                        String name = page.getKey() + "-" + theme + "-" + width;
                        browser.screenshot(SCREENSHOTS.resolve(name + ".png"));
                        assertThat(
                                        (Long)
                                                browser.run(
                                                        "return document.documentElement.scrollWidth"))
                                .as("width of " + name)
                                .isLessThanOrEqualTo(width);
                        assertThat(background()).as(name).isEqualTo(theme);
                    }
                }
            }
        } finally {
            browser.prefer("light");
            browser.resize(1440, 900);
        }
        // Where topics or events are not to be had, the page says so in words of its own.
        assertThat(browser.complaints())
                .noneMatch(
                        message ->
                                !message.contains("404") || message.contains("/console/assets/"));
    }

    private Object background() {
        return String.valueOf(
                browser.run(
                        "const c = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number);"
                                + "return c[0] + c[1] + c[2] > 384 ? 'light' : 'dark'"));
    }

    private void open(String page) {
        browser.open(client.baseUrl() + "/#/" + page);
    }

    private void produce(String topic, String record) {
        Answer answer = client.postJson(client.cluster() + "/topics/" + topic + "/records", record);
        assertThat(answer.json().get("error_code").intValue()).as(answer.text()).isEqualTo(200);
    }

    private void commit(String group, String topic, long offset) throws Exception {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", client.bootstrap());
        try (Admin admin = Admin.create(properties)) {
            admin.alterConsumerGroupOffsets(
                            group,
                            Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(offset)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }
}
