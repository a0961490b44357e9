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
import org.junit.jupiter.params.provider.CsvSource;
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
                .contains(
                        "/replay/speed",
                        "/scenarios",
                        "/simulation",
                        "https://open-meteo.com/",
                        "CC BY 4.0");
        assertThat(get("/swagger-ui.html").statusCode()).isEqualTo(302);
    }

    @Test
    void hasMetricsAndHealth() throws Exception {
        assertThat(get("/actuator/prometheus").body())
                .contains(
                        "fleuve_simulator_readings_total{outcome=\"sent\"}",
                        "fleuve_simulator_progress",
                        "fleuve_simulator_lag_seconds",
                        "fleuve_simulator_published_total{region=\"dakar\",source=\"simulation\"}",
                        "fleuve_simulator_faults_total{kind=\"out_of_order\"}",
                        "fleuve_simulator_scenarios_active",
                        "fleuve_simulator_publish_retries_total",
                        "fleuve_simulator_publish_errors_total{source=\"replay\"}",
                        "fleuve_simulator_schedule_lag_seconds{source=\"simulation\"}");
        assertThat(get("/actuator/health").body()).contains("\"replay\":{", "\"simulation\":{");
    }

    @Test
    void placesShowsAndEndsAHeatWave() throws Exception {
        HttpResponse<String> placed =
                send(
                        "POST",
                        "/scenarios",
                        "{\"type\":\"heat-wave\",\"regions\":[\"dakar\"],\"degrees\":12,\"duration\":\"3d\"}");

        assertThat(placed.statusCode()).isEqualTo(201);
        String location = placed.headers().firstValue("location").orElseThrow();
        assertThat(placed.body())
                .contains(
                        "\"type\":\"heat-wave\"",
                        "\"regions\":[\"dakar\"]",
                        "\"degrees\":12.0",
                        "\"ramp\":\"PT3H\"",
                        "\"duration\":\"PT72H\"");
        assertThat(get(location).body()).isEqualTo(placed.body());
        assertThat(get("/scenarios").body()).contains(placed.body());
        assertThat(send("DELETE", location, "").statusCode()).isEqualTo(204);
        assertThat(get(location).statusCode()).isEqualTo(404);
        HttpResponse<String> again = send("DELETE", location, "");
        assertThat(again.statusCode()).isEqualTo(404);
        assertThat(again.headers().firstValue("content-type")).hasValue("application/problem+json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | type is missing; give heat-wave, cold-snap, silence or burst",
                "{\"type\":\"storm\"} | not 'storm'",
                "{\"type\":\"heat-wave\",\"duration\":\"1d\"} | degrees is missing",
                "{\"type\":\"heat-wave\",\"degrees\":5} | duration is missing",
                "{\"type\":\"heat-wave\",\"degrees\":99,\"duration\":\"1d\"} | at most 40, not 99.0",
                "{\"type\":\"heat-wave\",\"degrees\":\"hot\",\"duration\":\"1d\"} | the body cannot be read",
                "{\"type\":\"heat-wave\",\"degree\":5,\"degrees\":5,\"duration\":\"1d\"} | there is no field 'degree'",
                "{\"type\":\"cold-snap\",\"degrees\":5,\"duration\":\"soon\"} | duration must be a duration such as 90m, 3d or PT6H, not 'soon'",
                "{\"type\":\"silence\",\"regions\":[\"Dakar\"],\"duration\":\"1d\"} | there is no region 'Dakar'; there are dakar, diourbel",
                "{\"type\":\"silence\",\"sensors\":[\"dakar-9\"],\"duration\":\"1d\"} | there is no sensor 'dakar-9'",
                "{\"type\":\"silence\",\"factor\":5,\"duration\":\"1d\"} | factor does not belong to a silence",
                "{\"type\":\"burst\",\"duration\":\"1m\"} | factor is missing",
                "{\"type\":\"burst\",\"factor\":5,\"duration\":\"2h\"} | at most PT1H",
                "{\"type\":\"silence\",\"duration\":\"1d\",\"startsAt\":\"may\"} | startsAt must be a UTC time",
                "heat | the body cannot be read",
            })
    void refusesScenariosThatAreNone(String body, String problem) throws Exception {
        HttpResponse<String> answer = send("POST", "/scenarios", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("content-type"))
                .hasValue("application/problem+json");
        assertThat(answer.body()).contains(problem);
    }

    @Test
    void showsTheSimulationWithItsTruthAndTakesAPace() throws Exception {
        assertThat(get("/simulation").body())
                .contains(
                        "\"state\":\"PAUSED\"",
                        "\"seed\":42",
                        "\"sensors\":21",
                        "\"dakar\":{\"asked\":0",
                        "\"out_of_order\":0");
        assertThat(send("PUT", "/simulation", "{\"rate\":500}").body())
                .contains("\"rate\":500.0", "\"speed\":1.0");
        assertThat(send("PUT", "/simulation", "{\"rate\":\"max\"}").body())
                .contains("\"rate\":\"max\"")
                .doesNotContain("\"speed\"");
        assertThat(send("PUT", "/simulation", "{\"rate\":5,\"speed\":2}").body())
                .contains("\"rate\":5.0", "\"speed\":2.0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"rate\":0} | rate must be between 1 and 10000000",
                "{\"rate\":\"fast\"} | not 'fast'",
                "{\"speed\":0} | speed must be between 1",
                "{\"state\":\"asleep\"} | state must be running or paused, not 'asleep'",
            })
    void refusesChangesThatCannotBe(String body, String problem) throws Exception {
        HttpResponse<String> answer = send("PUT", "/simulation", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(problem);
    }

    @Test
    void runsOneSourceAtATime() throws Exception {
        assertThat(send("PUT", "/simulation", "{\"state\":\"running\"}").body())
                .contains("\"state\":\"RUNNING\"");
        HttpResponse<String> replay = send("POST", "/replay/start", "");
        assertThat(replay.statusCode()).isEqualTo(409);
        assertThat(replay.body()).contains("the simulation is running; pause it first");
        assertThat(send("PUT", "/simulation", "{\"state\":\"paused\"}").body())
                .contains("\"state\":\"PAUSED\"");

        send("POST", "/replay/start", "");
        HttpResponse<String> simulation = send("PUT", "/simulation", "{\"state\":\"running\"}");
        assertThat(simulation.statusCode()).isEqualTo(409);
        assertThat(simulation.body()).contains("POST /replay/stop");
        send("POST", "/replay/stop", "");
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
