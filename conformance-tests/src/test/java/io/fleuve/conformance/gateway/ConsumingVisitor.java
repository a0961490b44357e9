package io.fleuve.conformance.gateway;

import io.fleuve.conformance.gateway.TroubleClient.Answer;
import io.fleuve.conformance.gateway.TroubleClient.Ask;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Creates a consumer instance, reads, commits and deletes it; one in five is abandoned. */
final class ConsumingVisitor implements Visitor {

    private static final TroubleKind KIND = TroubleKind.CONSUMER;
    private static final String JSON = "application/vnd.kafka.v2+json";
    private static final int LAST_TRIES = 5;

    private final String group;
    private final String topic;
    private final Duration pace;
    private final TroubleClient client;
    private final Random random;

    ConsumingVisitor(String group, String topic, Duration pace, TroubleClient client, long seed) {
        this.group = group;
        this.topic = topic;
        this.pace = pace;
        this.client = client;
        this.random = new Random(seed);
    }

    @Override
    public void visit(BooleanSupplier over) {
        while (!over.getAsBoolean()) {
            String name = "i-" + UUID.randomUUID();
            String created =
                    "{\"name\":\"%s\",\"format\":\"json\",\"auto.offset.reset\":\"latest\",\"auto.commit.enable\":\"%s\"}"
                            .formatted(name, random.nextBoolean());
            Answer answer = client.send(Ask.post(KIND, "/consumers/" + group, JSON, created));
            if (answer.ok()) {
                consume("/consumers/" + group + "/instances/" + name, over);
            }
            Visitor.pause(pace, random, over);
        }
    }

    private void consume(String instance, BooleanSupplier over) {
        Ask subscribe =
                Ask.post(
                        KIND, instance + "/subscription", JSON, "{\"topics\":[\"" + topic + "\"]}");
        while (!client.send(subscribe).ok()) {
            if (over.getAsBoolean()) {
                delete(instance);
                return;
            }
            Visitor.pause(pace, random, over);
        }
        int reads = 5 + random.nextInt(40);
        for (int i = 0; i < reads && !over.getAsBoolean(); i++) {
            Ask read =
                    Ask.get(KIND, instance + "/records?timeout=500&max_bytes=50000")
                            .with("Accept", "application/vnd.kafka.json.v2+json");
            Answer answer = client.send(read);
            if (answer.ok() && !answer.json().isEmpty()) {
                client.tally().success(KIND);
            }
            if (random.nextInt(4) == 0) {
                client.send(Ask.post(KIND, instance + "/offsets", JSON, ""));
            }
            Visitor.pause(pace, random, over);
        }
        if (random.nextInt(5) > 0 || over.getAsBoolean()) {
            delete(instance);
        }
    }

    private void delete(String instance) {
        for (int i = 0; i < LAST_TRIES; i++) {
            // After an answer that did not say so, it may be gone all the same.
            int status = client.send(Ask.delete(KIND, instance, i > 0)).status();
            if (status == 204 || status == 404) {
                return;
            }
            Visitor.pause(pace, random, () -> false);
        }
    }
}
