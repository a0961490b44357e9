package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** RFC 9457 for whoever accepts it, whatever goes wrong, and wherever. */
@ExtendWith(GatewayUnderTest.class)
class ProblemIT {

    private static final String PROBLEM = "application/problem+json";

    private final Client client;

    ProblemIT(Client client) {
        this.client = client;
    }

    @Test
    void anUnknownPathIsAProblem() {
        for (String path : new String[] {"/nowhere", "/v3/nowhere", "/topics/a/b/c/d"}) {
            problem(client.get(path, "Accept", PROBLEM), 404, 404, path);
        }
    }

    @Test
    void anUnknownThingIsAProblemWithItsCode() {
        String topic = client.cluster() + "/topics/no-such-topic";
        problem(client.get(topic, "Accept", PROBLEM + ", application/json"), 404, 40403, topic);
        problem(
                client.get("/topics/no-such-topic", "Accept", PROBLEM + ", application/json"),
                404,
                40403,
                "/topics/no-such-topic");
        String partition = "/topics/no-such-topic/partitions/0/records";
        problem(
                client.get(partition, "Accept", PROBLEM + ", application/json"),
                404,
                40401,
                partition);
    }

    @Test
    void aMethodThatIsNotAllowedIsAProblemAndSaysWhichAre() {
        Answer answer = client.sendJson("PUT", "/v3/clusters", "{}", "Accept", PROBLEM);
        problem(answer, 405, 405, "/v3/clusters");
        assertThat(answer.header("allow")).contains("GET");
        Answer plain = client.sendJson("PUT", "/v3/clusters", "{}");
        assertThat(plain.text())
                .isEqualTo("{\"error_code\":405,\"message\":\"HTTP 405 Method Not Allowed\"}");
        assertThat(plain.header("allow")).contains("GET");
        problem(client.sendJson("PUT", "/topics", "{}", "Accept", PROBLEM), 405, 405, "/topics");
        problem(
                client.sendJson("PUT", "/admin/topics", "{}", "Accept", PROBLEM),
                405,
                405,
                "/admin/topics");
    }

    @Test
    void anUnacceptableAnswerIsAProblem() {
        problem(client.get("/v3/clusters", "Accept", PROBLEM), 406, 406, "/v3/clusters");
        problem(client.get("/topics", "Accept", PROBLEM), 406, 406, "/topics");
    }

    @Test
    void anUnsupportedBodyIsAProblem() {
        for (String path :
                new String[] {client.cluster() + "/topics", "/topics/t", "/admin/topics"}) {
            Answer answer = client.post(path, "text/plain", "x", "Accept", PROBLEM + ", */*");
            problem(answer, 415, 415, path);
        }
    }

    @Test
    void aMalformedBodyIsAProblem() {
        String path = client.cluster() + "/topics/t/configs:alter";
        problem(
                client.sendJson("POST", path, "{", "Accept", PROBLEM + ", application/json"),
                400,
                400,
                path);
        problem(
                client.sendJson("POST", path, "", "Accept", PROBLEM + ", application/json"),
                422,
                42206,
                path);
    }

    @Test
    void aRequestThatTheContainerRefusesIsAProblem() {
        // A backslash, which no controller gets to see.
        String path = "/topics/a%5Cb";
        problem(client.get(path, "Accept", PROBLEM + ", application/json"), 400, 400, path);
        assertThat(client.get(path).expect(400).text())
                .isEqualTo("{\"error_code\":400,\"message\":\"HTTP 400 Bad Request\"}");
    }

    @Test
    void aNameWithASlashIsANameLikeAnother() {
        String group = client.cluster() + "/consumer-groups/a%2Fb";
        assertThat(client.get(group + "/lags").expect(404).json().get("message").stringValue())
                .isEqualTo("Consumer Group a/b could not be found.");
    }

    private static void problem(Answer answer, int status, int code, String path) {
        assertThat(answer.contentType()).as(answer.text()).isEqualTo(PROBLEM);
        JsonNode problem = answer.expect(status).json();
        assertThat(problem.propertyNames())
                .containsExactly("type", "title", "status", "detail", "instance", "error_code");
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("error_code").intValue()).isEqualTo(code);
        assertThat(problem.get("instance").stringValue()).isEqualTo(path);
    }
}
