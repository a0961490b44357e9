package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(GatewayUnderTest.class)
class RecordStreamIT {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final Client client;
    private final String cluster;

    RecordStreamIT(Client client) {
        this.client = client;
        this.cluster = client.cluster();
    }

    private static List<JsonNode> receipts(String text) {
        return text.lines().filter(line -> !line.isBlank()).map(MAPPER::readTree).toList();
    }

    @Test
    void answersOneRecordWithOneReceipt() {
        String topic = client.createTopic(1);
        Answer answer =
                client.postJson(
                                cluster + "/topics/" + topic + "/records",
                                """
                                {"key":{"type":"BINARY","data":"a2V5"},"value":{"type":"JSON","data":{"b":1,"a":[2.50]}},
                                 "headers":[{"name":"h","value":"aGk="},{"name":"n","value":null}],
                                 "timestamp":"2024-05-01T15:00:00.123+02:00"}""")
                        .expect(200);
        assertThat(answer.contentType()).startsWith("application/json");
        assertThat(answer.text())
                .isEqualTo(
                        """
                        {"error_code":200,"cluster_id":"%s","topic_name":"%s","partition_id":0,"offset":0,\
                        "timestamp":"2024-05-01T13:00:00.123Z","key":{"type":"BINARY","size":3},"value":{"type":"JSON","size":18}}\r
                        """
                                .formatted(cluster.substring("/v3/clusters/".length()), topic));
        Answer read =
                client.get(
                                "/topics/" + topic + "/partitions/0/records?format=binary",
                                "Accept",
                                "application/json")
                        .expect(200);
        JsonNode record = read.json().at("/records/0");
        assertThat(record.get("value").stringValue())
                .isEqualTo(
                        java.util.Base64.getEncoder()
                                .encodeToString(
                                        "{\"b\":1,\"a\":[2.50]}".getBytes(StandardCharsets.UTF_8)));
        assertThat(record.get("headers").toString())
                .isEqualTo("[{\"name\":\"h\",\"value\":\"aGk=\"},{\"name\":\"n\",\"value\":null}]");
        assertThat(record.get("timestamp").stringValue()).isEqualTo("2024-05-01T13:00:00.123Z");
    }

    @Test
    void answersConcatenatedRecordsInOrderAndGoesOnAfterABadOne() {
        String topic = client.createTopic(1);
        Answer answer =
                client.postJson(
                                cluster + "/topics/" + topic + "/records",
                                """
                                {"value":{"type":"STRING","data":"0"}}{"value":{"type":"STRING","data":7}}
                                {"value":{"type":"STRING","data":"1"}} {"partition_id":-1}
                                {"colour":"red"}{"value":null}{"value":{"type":"BINARY","data":null}}
                                {"value":{"type":"JSON"}}{"value":{"data":"no type"}}[1]{""")
                        .expect(200);
        assertThat(receipts(answer.text()))
                .extracting(r -> r.get("error_code").intValue())
                .containsExactly(200, 400, 200, 40402, 400, 200, 200, 400, 422, 400, 400);
        assertThat(receipts(answer.text()))
                .filteredOn(r -> r.get("error_code").intValue() == 200)
                .extracting(r -> r.get("offset").longValue())
                .containsExactly(0L, 1L, 2L, 3L);
        assertThat(receipts(answer.text()).get(5).has("value")).isFalse();
        JsonNode last =
                client.get(
                                "/topics/" + topic + "/partitions/0/records?offset=-1",
                                "Accept",
                                "application/json")
                        .json();
        assertThat(last.at("/records/0/value").isNull()).as("a tombstone").isTrue();
        assertThat(last.at("/records/0/errors").isMissingNode()).isTrue();
    }

    @Test
    void keepsTheOrderOfManyRecords() {
        String topic = client.createTopic(1);
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            body.append("{\"value\":{\"type\":\"JSON\",\"data\":").append(i).append("}}");
        }
        List<JsonNode> receipts =
                receipts(
                        client.postJson(cluster + "/topics/" + topic + "/records", body.toString())
                                .expect(200)
                                .text());
        assertThat(receipts).hasSize(2000);
        for (int i = 0; i < 2000; i++) {
            assertThat(receipts.get(i).path("offset").longValue()).isEqualTo(i);
        }
    }

    @Test
    void tellsAtOnceThatATopicOrPartitionDoesNotExist() {
        String topic = client.createTopic(1);
        long start = System.nanoTime();
        JsonNode partition =
                client.postJson(
                                cluster + "/topics/" + topic + "/records",
                                "{\"partition_id\":1,\"value\":{\"type\":\"STRING\",\"data\":\"x\"}}")
                        .expect(200)
                        .json();
        assertThat(partition.get("error_code").intValue()).isEqualTo(40402);
        assertThat(System.nanoTime() - start).isLessThan(4_000_000_000L);
    }

    @Test
    void refusesAnEmptyBodyAndOtherMediaTypes() {
        String path = cluster + "/topics/" + client.createTopic(1) + "/records";
        assertThat(client.postJson(path, "").expect(422).text())
                .isEqualTo(
                        "{\"error_code\":42206,\"message\":\"Payload error. Request body is empty. Data is"
                                + " required.\"}");
        client.post(path, "application/vnd.kafka.json.v2+json", "{}").expect(415);
    }

    @Test
    void reportsARecordThatIsTooLarge() {
        String path = cluster + "/topics/" + client.createTopic(1) + "/records";
        String large = "x".repeat(1_100_000);
        JsonNode refusedByProducer =
                client.postJson(
                                path,
                                "{\"value\":{\"type\":\"STRING\",\"data\":\"" + large + "\"}}")
                        .expect(200)
                        .json();
        assertThat(refusedByProducer.get("error_code").intValue()).isEqualTo(413);
        JsonNode refusedByReader =
                client.postJson(
                                path,
                                "{\"value\":{\"type\":\"STRING\",\"data\":\""
                                        + large.repeat(3)
                                        + "\"}}")
                        .expect(200)
                        .json();
        assertThat(refusedByReader.get("error_code").intValue()).isEqualTo(413);
    }

    /** The stream stays open: each receipt comes before the next record goes. */
    @Test
    void answersEachRecordWhileTheRequestIsStillBeingSent() throws IOException {
        String topic = client.createTopic(1);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), client.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("POST "
                                    + cluster
                                    + "/topics/"
                                    + topic
                                    + "/records HTTP/1.1\r\nHost: x\r\n"
                                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (int i = 0; i < 20; i++) {
                writeChunk(out, "{\"value\":{\"type\":\"JSON\",\"data\":" + i + "}}");
                String line = in.readLine();
                while (line != null && !line.startsWith("{\"error_code\"")) {
                    line = in.readLine();
                }
                assertThat(line).contains("\"offset\":" + i + ",");
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String line = in.readLine();
            while (line != null && !line.equals("0")) {
                line = in.readLine();
            }
            assertThat(line).as("the answer ends when the request does").isEqualTo("0");
        }
    }

    private static void writeChunk(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
