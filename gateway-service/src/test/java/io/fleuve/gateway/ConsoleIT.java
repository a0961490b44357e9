package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** What the console is made of, as HTTP shows it. */
@ExtendWith(GatewayUnderTest.class)
class ConsoleIT {

    private static final String BROWSER =
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"([^\"#:]+)\"");
    private static final Pattern IMPORT = Pattern.compile("from \"(\\.[^\"]+)\"");

    private final Client client;

    ConsoleIT(Client client) {
        this.client = client;
    }

    @Test
    void givesBrowsersThePageAndProgramsTheirSignOfLife() {
        Answer page = client.get("/", "Accept", BROWSER).expect(200);
        assertThat(page.contentType()).isEqualTo("text/html;charset=UTF-8");
        assertThat(page.text()).contains("<title>Fleuve</title>").doesNotContain("{assets}");
        assertThat(client.get("/").expect(200).text()).isEqualTo("{}");
        assertThat(client.get("/", "Accept", "application/json").expect(200).text())
                .isEqualTo("{}");
        assertThat(client.get("/", "Accept", "application/vnd.kafka.v2+json").expect(200).text())
                .isEqualTo("{}");
    }

    @Test
    void letsNothingRunButItsOwnScripts() {
        Answer page = client.get("/", "Accept", BROWSER).expect(200);
        assertThat(page.header("content-security-policy"))
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(page.header("cache-control")).isEqualTo("no-cache");
        assertThat(page.text())
                .doesNotContainPattern("<script[^>]*>[^<]")
                .doesNotContain("<style")
                .doesNotContainPattern("\\son[a-z]+=")
                .doesNotContainPattern("(?:src|href)=\"(?:https?:)?//");
    }

    @Test
    void servesEveryAssetThatThePageAndItsModulesNameToBeKeptForGood() {
        Set<String> seen = new TreeSet<>();
        Matcher references = REFERENCE.matcher(client.get("/", "Accept", BROWSER).text());
        while (references.find()) {
            if (references.group(1).contains("/assets/")) {
                follow("/" + references.group(1), seen);
            }
        }
        assertThat(seen)
                .anyMatch(path -> path.endsWith("/app.js"))
                .anyMatch(path -> path.endsWith("/pages/weather.js"))
                .anyMatch(path -> path.endsWith("/uplot/uPlot.esm.js"))
                .anyMatch(path -> path.endsWith("/uplot/uPlot.min.css"));
        String first = seen.iterator().next();
        String directory = first.substring(0, first.indexOf('/', "/console/assets/".length()) + 1);
        client.get(directory + "none.js").expect(404);
        client.get(directory + "../index.html").expect(404);
        client.get("/console/assets/0000000000000000/app.js").expect(404);
    }

    private void follow(String path, Set<String> seen) {
        if (!seen.add(path)) {
            return;
        }
        Answer asset = client.get(path).expect(200);
        assertThat(asset.header("cache-control"))
                .as(path)
                .contains("max-age=31536000", "public", "immutable");
        String type = path.substring(path.lastIndexOf('.') + 1);
        assertThat(asset.contentType())
                .as(path)
                .startsWith(
                        switch (type) {
                            case "js" -> "text/javascript";
                            case "css" -> "text/css";
                            case "svg" -> "image/svg+xml";
                            default -> throw new AssertionError("what is " + path + "?");
                        });
        Matcher imports = IMPORT.matcher(type.equals("js") ? asset.text() : "");
        while (imports.find()) {
            String directory = path.substring(0, path.lastIndexOf('/') + 1);
            follow(java.net.URI.create(directory).resolve(imports.group(1)).toString(), seen);
        }
    }

    @Test
    void countsTopicsWithTheirMessagesAndRates() {
        String topic = client.createTopic(2);
        client.get("/console/topics").expect(200);
        client.post(
                        "/topics/" + topic,
                        "application/vnd.kafka.json.v2+json",
                        "{\"records\":[{\"value\":1},{\"value\":2},{\"value\":3}]}")
                .expect(200);
        JsonNode row =
                await().atMost(Duration.ofMinutes(1))
                        .until(
                                () -> topicRow(topic),
                                found ->
                                        found.path("messages").asLong(-1) == 3
                                                && found.path("recent").size() > 0);
        assertThat(row.get("partitions").intValue()).isEqualTo(2);
        assertThat(row.get("replication_factor").intValue()).isEqualTo(1);
        assertThat(row.get("messages_per_second").isNumber()).isTrue();
    }

    private JsonNode topicRow(String topic) {
        JsonNode answer = client.get("/console/topics").expect(200).json();
        assertThat(answer.get("failure").isNull()).as(answer.toString()).isTrue();
        return answer.get("topics")
                .valueStream()
                .filter(row -> row.get("name").stringValue().equals(topic))
                .findFirst()
                .orElse(answer.get("cluster_id"));
    }

    @Test
    void showsTheClusterAtAGlance() {
        client.createTopic(1);
        JsonNode now =
                await().atMost(Duration.ofMinutes(1))
                        .until(
                                () -> client.get("/console/overview").expect(200).json(),
                                answer -> answer.at("/history/at_ms").size() > 1);
        assertThat(now.get("version").stringValue()).isNotBlank().doesNotContain("@");
        assertThat(client.cluster()).endsWith("/" + now.get("cluster_id").stringValue());
        assertThat(now.at("/brokers/0/port").intValue()).isPositive();
        assertThat(now.get("topics").intValue()).isPositive();
        assertThat(now.get("broker_ms").doubleValue()).isPositive();
        for (String column :
                List.of(
                        "messages_per_second",
                        "bytes_per_second",
                        "broker_ms",
                        "produce_ms",
                        "lag")) {
            assertThat(now.at("/history/" + column).size())
                    .as(column)
                    .isEqualTo(now.at("/history/at_ms").size());
        }
        assertThat(client.get("/console/overview").header("cache-control")).isEqualTo("no-store");
        assertThat(client.get("/console/groups").expect(200).json().get("groups").isArray())
                .isTrue();
    }

    @Test
    void saysThatTheBrokersAreAwayAndServesThePageAllTheSame() {
        try (ConfigurableApplicationContext gateway =
                GatewayUnderTest.startGateway("127.0.0.1:1", "--fleuve.gateway.admin-timeout=1s")) {
            Client alone = Client.of(gateway, "127.0.0.1:1");
            alone.get("/", "Accept", BROWSER).expect(200);
            JsonNode overview = alone.get("/console/overview").expect(200).json();
            assertThat(overview.get("failure").stringValue()).isNotBlank();
            assertThat(overview.get("sampled_at").isNull()).isTrue();
            JsonNode alerts = alone.get("/console/alerts").expect(200).json();
            assertThat(alerts.get("alerts").isEmpty()).isTrue();
        }
    }

    @Test
    void passesAlertsOnAndSaysWhyThereAreNone() throws IOException {
        String body = "[{\"id\":\"1\",\"region\":\"dakar\",\"state\":\"FIRING\"}]";
        AlertStub stub = AlertStub.start(body);
        try (ConfigurableApplicationContext gateway =
                GatewayUnderTest.startGateway(
                        client.bootstrap(), "--fleuve.gateway.console.alerts-url=" + stub.url())) {
            Client own = Client.of(gateway, client.bootstrap());
            JsonNode answer = own.get("/console/alerts").expect(200).json();
            assertThat(answer.get("failure").isNull()).isTrue();
            assertThat(answer.at("/alerts/0/region").stringValue()).isEqualTo("dakar");

            stub.answer("{\"not\":\"a list\"}");
            awaitFailure(own, "is not a list of alerts");
            stub.answer("<html>");
            awaitFailure(own, "is not JSON");
            stub.close();
            awaitFailure(own, "nothing answers there");
            assertThat(own.get("/console/alerts").json().get("failure").stringValue())
                    .contains(stub.url());
        } finally {
            stub.close();
        }
    }

    private static void awaitFailure(Client own, String expected) {
        await().atMost(Duration.ofMinutes(1))
                .until(
                        () ->
                                own.get("/console/alerts")
                                        .expect(200)
                                        .json()
                                        .get("failure")
                                        .asString(""),
                        failure -> failure.contains(expected));
    }

    /** Stands for the alert service. */
    static final class AlertStub implements AutoCloseable {
        private final HttpServer server;
        private volatile String body;

        private AlertStub(HttpServer server, String body) {
            this.server = server;
            this.body = body;
        }

        static AlertStub start(String body) throws IOException {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            AlertStub stub = new AlertStub(server, body);
            server.createContext(
                    "/alerts",
                    exchange -> {
                        byte[] bytes = stub.body.getBytes(StandardCharsets.UTF_8);
                        exchange.getResponseHeaders().set("Content-Type", "application/json");
                        exchange.sendResponseHeaders(200, bytes.length);
                        exchange.getResponseBody().write(bytes);
                        exchange.close();
                    });
            server.start();
            return stub;
        }

        void answer(String text) {
            body = text;
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
