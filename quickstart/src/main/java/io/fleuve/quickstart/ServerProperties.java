package io.fleuve.quickstart;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code server.properties} of Apache Kafka, read as far as it means something here. What is not
 * needed any more is told, so that nobody looks for a ZooKeeper that is not there.
 *
 * @param variables the settings under the names of our environment variables
 * @param notes sentences for the person who started the server
 */
record ServerProperties(Map<String, String> variables, List<String> notes) {

    /** Name, host and port of {@code PLAINTEXT://host:9092}; a host in brackets may be IPv6. */
    private static final Pattern LISTENER =
            Pattern.compile("([A-Za-z0-9_]+)://(\\[[^]]*]|[^:/]*):(\\d{1,5})");

    private static final Map<String, String> SAME_MEANING =
            Map.of(
                    "node.id", "FLEUVE_BROKER_ID",
                    "broker.id", "FLEUVE_BROKER_ID",
                    "num.partitions", "FLEUVE_DEFAULT_PARTITIONS",
                    "auto.create.topics.enable", "FLEUVE_AUTO_CREATE_TOPICS");

    private static final Set<String> KEPT_ELSEWHERE =
            Set.of(
                    "process.roles",
                    "controller.listener.names",
                    "controller.quorum.voters",
                    "controller.quorum.bootstrap.servers",
                    "inter.broker.listener.name",
                    "listener.security.protocol.map",
                    "offsets.topic.replication.factor",
                    "transaction.state.log.replication.factor",
                    "transaction.state.log.min.isr",
                    "share.coordinator.state.topic.replication.factor",
                    "share.coordinator.state.topic.min.isr",
                    "num.recovery.threads.per.data.dir",
                    "num.network.threads",
                    "num.io.threads",
                    "group.initial.rebalance.delay.ms");

    /**
     * @throws StartFailure if a setting that is understood has a value that is not
     */
    static ServerProperties read(Map<String, String> file) {
        Map<String, String> variables = new TreeMap<>();
        List<String> notes = new ArrayList<>();
        List<String> ignored = new ArrayList<>();
        new TreeMap<>(file)
                .forEach(
                        (key, text) -> {
                            String value = text.strip();
                            if (key.startsWith("FLEUVE_")) {
                                variables.put(key, value);
                            } else if (SAME_MEANING.containsKey(key)) {
                                variables.put(SAME_MEANING.getOrDefault(key, key), value);
                            } else if (key.equals("listeners")) {
                                Listener listener = listener(key, value);
                                variables.put(
                                        "FLEUVE_KAFKA_HOST",
                                        listener.host().isEmpty() ? "0.0.0.0" : listener.host());
                                variables.put("FLEUVE_KAFKA_PORT", listener.port());
                                if (listener.host().isEmpty()) {
                                    variables.putIfAbsent(
                                            "FLEUVE_KAFKA_ADVERTISED_HOST", hostName());
                                }
                            } else if (key.equals("advertised.listeners")) {
                                Listener listener = listener(key, value);
                                variables.put("FLEUVE_KAFKA_ADVERTISED_HOST", listener.host());
                                variables.put("FLEUVE_KAFKA_ADVERTISED_PORT", listener.port());
                            } else if (key.equals("log.dirs") || key.equals("log.dir")) {
                                variables.put("FLEUVE_DATA_DIR", value.split(",")[0].strip());
                            } else if (key.startsWith("zookeeper.")) {
                                notes.add(key + " is not needed any more: there is no ZooKeeper.");
                            } else if (!KEPT_ELSEWHERE.contains(key)) {
                                ignored.add(key);
                            }
                        });
        if (!ignored.isEmpty()) {
            notes.add(
                    "Not used: %s. Topics have their own settings (kafka-configs.sh); others are in docs/operations.md."
                            .formatted(String.join(", ", ignored)));
        }
        return new ServerProperties(variables, List.copyOf(notes));
    }

    /** What Kafka tells its clients, too, if it is told nothing. */
    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private record Listener(String host, String port) {}

    /** The first that clients without credentials can use; there is no other kind yet. */
    private static Listener listener(String key, String value) {
        List<String> kinds = new ArrayList<>();
        for (String each : value.split(",")) {
            Matcher matcher = LISTENER.matcher(each.strip());
            if (!matcher.matches()) {
                throw new StartFailure(
                        "%s is '%s': it must look like PLAINTEXT://localhost:9092."
                                .formatted(key, value));
            }
            String kind = Optional.ofNullable(matcher.group(1)).orElse("");
            kinds.add(kind);
            if (!kind.toUpperCase(Locale.ROOT).startsWith("CONTROLLER")
                    && !kind.contains("SSL")
                    && !kind.startsWith("SASL")) {
                return new Listener(
                        Optional.ofNullable(matcher.group(2)).orElse(""),
                        Optional.ofNullable(matcher.group(3)).orElse(""));
            }
        }
        throw new StartFailure(
                "%s names only %s: a PLAINTEXT listener is needed.".formatted(key, kinds));
    }
}
