package io.fleuve.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The API without a broker: port 1 answers nobody. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=" + SimulatorApplication.CONFIG_NAME,
            "fleuve.simulator.bootstrap-servers=127.0.0.1:1",
            "fleuve.simulator.autostart=false"
        })
class SimulatorApiTest {

    private final HttpClient http = HttpClient.newHttpClient();

    @LocalServerPort private int port;

    @Test
    void showsAReplayThatWasNotStarted() throws Exception {
        HttpResponse<String> answer = get("/replay");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains(
                        "\"state\":\"STOPPED\"",
                        "\"source\":\"senegal-hourly-2024\"",
                        "\"total\":61488");
    }

    @Test
    void takesASpeed() throws Exception {
        assertThat(send("PUT", "/replay/speed", "{\"speed\":7200}").body())
                .contains("\"speed\":7200.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"speed\":0}",
                "{\"speed\":2e9}",
                "{}",
                "{\"speed\":\"fast\"}",
                "",
                "speed"
            })
    void refusesASpeedThatIsNone(String body) throws Exception {
        HttpResponse<String> answer = send("PUT", "/replay/speed", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("content-type"))
                .hasValue("application/problem+json");
    }

    @Test
    void refusesToRestartOutsideTheData() throws Exception {
        HttpResponse<String> late = send("POST", "/replay/restart?from=2025-01-01T00:00:00Z", "");
        assertThat(late.statusCode()).isEqualTo(400);
        assertThat(late.body())
                .contains("recorded from 2024-01-01T00:00:00Z to 2024-12-31T23:00:00Z");

        HttpResponse<String> noTime = send("POST", "/replay/restart?from=april", "");
        assertThat(noTime.statusCode()).isEqualTo(400);
        assertThat(noTime.body()).contains("not 'april'");
    }

    @Test
    void runsWhileTheBrokerIsAwayAndStopsWhenTold() throws Exception {
        assertThat(send("POST", "/replay/start", "").body()).contains("\"state\":\"RUNNING\"");
        assertThat(send("POST", "/replay/stop", "").body()).contains("\"state\":\"STOPPED\"");
        assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    }

    @Test
    void describesItselfAndCreditsTheData() throws Exception {
        assertThat(get("/openapi").body())
                .contains("/replay/speed", "https://open-meteo.com/", "CC BY 4.0");
        assertThat(get("/swagger-ui.html").statusCode()).isEqualTo(302);
    }

    @Test
    void hasMetricsAndHealth() throws Exception {
        assertThat(get("/actuator/prometheus").body())
                .contains(
                        "fleuve_simulator_readings_total{outcome=\"sent\"}",
                        "fleuve_simulator_progress",
                        "fleuve_simulator_lag_seconds");
        assertThat(get("/actuator/health").body()).contains("\"replay\":{");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("content-type", "application/json")
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
