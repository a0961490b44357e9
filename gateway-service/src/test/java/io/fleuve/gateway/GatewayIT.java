package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What holds for the gateway whatever API one uses. */
@ExtendWith(GatewayUnderTest.class)
class GatewayIT {

    private final Client client;

    GatewayIT(Client client) {
        this.client = client;
    }

    @Test
    void documentsEveryOperationWithSummaryDescriptionExampleAndErrors() {
        JsonNode document = client.get("/openapi").expect(200).json();
        assertThat(document.get("openapi").stringValue()).startsWith("3.");
        List<String> operations = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        document.get("paths")
                .forEachEntry(
                        (path, item) ->
                                item.forEachEntry(
                                        (method, operation) -> {
                                            String name = method + " " + path;
                                            operations.add(name);
                                            check(name, operation, faults);
                                        }));
        assertThat(faults).isEmpty();
        assertThat(document.findValuesAsString("operationId"))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[a-zA-Z0-9]+"));
        assertThat(operations)
                .contains(
                        "get /",
                        "post /v3/clusters/{cluster_id}/topics/{topic_name}/records",
                        "post /v3/clusters/{cluster_id}/topics/{topic_name}/records:batch",
                        "post /topics/{topic}",
                        "get /topics/{topic}/partitions/{partition}/records")
                .noneMatch(name -> name.contains("/kafka/") || name.contains("actuator"));
        assertThat(unresolved(document)).isEmpty();
    }

    private static void check(String name, JsonNode operation, List<String> faults) {
        for (String field : List.of("summary", "description", "operationId")) {
            if (operation.path(field).asString("").isBlank()) {
                faults.add(name + " has no " + field);
            }
        }
        List<String> statuses = List.copyOf(operation.get("responses").propertyNames());
        if (statuses.stream()
                .noneMatch(status -> status.startsWith("4") || status.startsWith("5"))) {
            faults.add(name + " has no error response");
        }
        boolean answersWithAnExample =
                statuses.stream()
                        .filter(status -> status.startsWith("2"))
                        .map(status -> operation.get("responses").get(status))
                        .filter(success -> success.has("content"))
                        .allMatch(success -> success.toString().contains("\"example\""));
        if (!answersWithAnExample) {
            faults.add(name + " has no example of its answer");
        }
        if ((name.startsWith("post") || name.startsWith("put") || name.startsWith("patch"))
                && !operation.path("requestBody").toString().contains("\"example\"")) {
            faults.add(name + " has no example of its request");
        }
    }

    private static List<String> unresolved(JsonNode document) {
        return document.findValuesAsString("$ref").stream()
                .filter(reference -> document.at(reference.substring(1)).isMissingNode())
                .toList();
    }

    @Test
    void documentsThatElementsOfAListMayBeNull() {
        JsonNode history =
                client.get("/openapi").expect(200).json().at("/components/schemas/History");
        assertThat(history.at("/properties/produce_ms/items/type").toString())
                .isEqualTo("[\"number\",\"null\"]");
        assertThat(history.at("/properties/broker_ms/items/type").toString())
                .isEqualTo("\"number\"");
    }

    @Test
    void servesSwaggerUi() {
        Answer redirect = client.get("/swagger-ui.html").expect(302);
        String location = redirect.header("location");
        assertThat(client.get(location).expect(200).text()).contains("swagger-ui");
        assertThat(
                        client.get("/openapi/swagger-config")
                                .expect(200)
                                .json()
                                .get("url")
                                .stringValue())
                .isEqualTo("/openapi");
        client.get("/v3/api-docs").expect(404);
    }

    @Test
    void isReadyWhileTheBrokersAnswerAndPublishesMetrics() {
        String topic = client.createTopic(1);
        client.post(
                        "/topics/" + topic,
                        "application/vnd.kafka.json.v2+json",
                        "{\"records\":[{\"value\":1}]}")
                .expect(200);
        client.get("/topics/" + topic + "/partitions/0/records", "Accept", "application/json")
                .expect(200);
        client.get("/topics/" + topic + "/partitions/9").expect(404);
        assertThat(client.get("/actuator/health/readiness").expect(200).text())
                .contains("clusterId");
        client.get("/actuator/health/liveness").expect(200);
        assertThat(client.get("/actuator/prometheus").expect(200).text())
                .contains("fleuve_gateway_produce_records_total")
                .contains("fleuve_gateway_produce_bytes_total")
                .contains("fleuve_gateway_produce_latency_seconds_count")
                .contains("fleuve_gateway_read_records_total")
                .contains("fleuve_gateway_errors_total{api=\"v2\"")
                .contains("kafka_producer_")
                .contains("kafka_consumer_")
                .contains("kafka_admin_client_");
    }
}
