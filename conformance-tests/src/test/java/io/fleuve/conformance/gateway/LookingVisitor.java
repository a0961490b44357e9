package io.fleuve.conformance.gateway;

import io.fleuve.conformance.gateway.TroubleClient.Ask;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** Reads records without being a consumer, or looks at the cluster. */
final class LookingVisitor implements Visitor {

    private final TroubleKind kind;
    private final List<String> paths;
    private final Duration pace;
    private final TroubleClient client;
    private final Random random;

    private LookingVisitor(
            TroubleKind kind, List<String> paths, Duration pace, TroubleClient client, long seed) {
        this.kind = kind;
        this.paths = paths;
        this.pace = pace;
        this.client = client;
        this.random = new Random(seed);
    }

    static LookingVisitor reader(String topic, Duration pace, TroubleClient client, long seed) {
        return new LookingVisitor(
                TroubleKind.READ,
                List.of(
                        "/topics/" + topic + "/partitions/0/records?offset=-10&timeout=500",
                        "/topics/" + topic + "/partitions/1/records?offset=earliest&max_records=20",
                        "/topics/" + topic + "/records?newest=10",
                        "/topics/" + topic + "/records?from=start&max_records=10"),
                pace,
                client,
                seed);
    }

    static LookingVisitor administrator(
            String cluster, String topic, Duration pace, TroubleClient client, long seed) {
        String v3 = "/v3/clusters/" + cluster;
        return new LookingVisitor(
                TroubleKind.ADMIN,
                List.of(
                        "/v3/clusters",
                        v3 + "/topics",
                        v3 + "/topics/" + topic,
                        v3 + "/topics/" + topic + "/partitions",
                        v3 + "/topics/" + topic + "/configs",
                        v3 + "/brokers",
                        v3 + "/consumer-groups",
                        "/topics",
                        "/topics/" + topic,
                        "/brokers"),
                pace,
                client,
                seed);
    }

    @Override
    public void visit(BooleanSupplier over) {
        while (!over.getAsBoolean()) {
            String path = paths.get(random.nextInt(paths.size()));
            if (client.send(Ask.get(kind, path)).ok()) {
                client.tally().success(kind);
            }
            Visitor.pause(pace, random, over);
        }
    }
}
