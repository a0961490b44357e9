package io.fleuve.simulator.gateway;

import io.fleuve.simulator.gateway.GatewayClient.Answer;
import io.fleuve.simulator.publish.Destination;
import io.fleuve.simulator.publish.ReadingPublisher;
import io.fleuve.simulator.publish.TopicTail;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A topic of readings behind a gateway; no connection goes to a broker. */
public final class GatewayDestination implements Destination {

    private static final Logger LOGGER = LoggerFactory.getLogger(GatewayDestination.class);
    private static final int CREATED = 201;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private final GatewayTopic topic;
    private final LongAdder retries = new LongAdder();
    private final JsonMapper json = JsonMapper.builder().build();

    public GatewayDestination(GatewayTopic topic) {
        this.topic = topic;
    }

    @Override
    public ReadingPublisher publisher(ReadingPublisher.Outcomes outcomes) {
        return new GatewayPublisher(topic, outcomes, retries);
    }

    @Override
    public TopicTail tail() {
        return new GatewayTail(topic);
    }

    @Override
    public long retries() {
        return retries.sum();
    }

    @Override
    public void createIfAbsent() {
        try (GatewayClient client = new GatewayClient(topic)) {
            String topics = "/v3/clusters/" + cluster(client) + "/topics";
            if (isThere(client, topics)) {
                return;
            }
            Answer made = client.post(topics, body());
            if (made.status() == CREATED) {
                LOGGER.atInfo()
                        .addKeyValue("topic", topic.name())
                        .addKeyValue("partitions", topic.partitions())
                        .log("topic created");
            } else if (made.isRetriable()) {
                throw topic.unreachable(new IOException(made.reason()));
            } else if (made.status() != FORBIDDEN && !isThere(client, topics)) {
                // If it is there, whoever came first made it; who may not create topics needs it
                // to be there, which publishing will show.
                throw new IllegalStateException(
                        "cannot create topic '%s': %s".formatted(topic.name(), made.reason()));
            }
        } catch (IOException e) {
            throw topic.unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw topic.unreachable(e);
        }
    }

    private String cluster(GatewayClient client) {
        JsonNode id = client.show("/v3/clusters").path("data").path(0).path("cluster_id");
        if (!id.isString()) {
            throw new IllegalStateException(
                    "what answers at %s is no gateway: it names no cluster; set fleuve.simulator.gateway.url"
                            .formatted(topic.url()));
        }
        return id.stringValue();
    }

    private boolean isThere(GatewayClient client, String topics)
            throws IOException, InterruptedException {
        Answer answer = client.get(topics + "/" + topic.name());
        if (answer.isRetriable()) {
            throw topic.unreachable(new IOException(answer.reason()));
        }
        return answer.status() != NOT_FOUND;
    }

    private byte[] body() {
        // Readings of the past are old on arrival: retention by time would delete them at once.
        return json.writeValueAsBytes(
                Map.of(
                        "topic_name",
                        topic.name(),
                        "partitions_count",
                        topic.partitions(),
                        "configs",
                        List.of(Map.of("name", "retention.ms", "value", "-1"))));
    }
}
