package io.fleuve.conformance.clients;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

/**
 * Programs that know nothing of Fleuve see with it what they see with Apache Kafka. What a program
 * needs is installed below {@code target} first; one that cannot be installed here aborts its test
 * with the reason.
 */
class ClientsIT {

    /** Most of their time they wait. */
    private static final int AT_ONCE = 3;

    private static @Nullable ClientTests tests;

    @BeforeAll
    static void start() {
        tests = new ClientTests("clients", AT_ONCE);
    }

    @AfterAll
    static void stop() {
        if (tests != null) {
            tests.close();
        }
    }

    @TestFactory
    Stream<DynamicContainer> aClientSeesTheSame() {
        Installation javascript = Installation.javascript();
        Installation go = Installation.go();
        return Objects.requireNonNull(tests, "the platforms were not started")
                .of(
                        List.of(
                                ScriptedClient.kcat(),
                                ScriptedClient.python("kafka-python-2.0.2", "kafka_python.py"),
                                ScriptedClient.python(
                                        "confluent-kafka", "confluent_kafka_client.py"),
                                ScriptedClient.javascript(
                                        javascript, "@platformatic/kafka", "platformatic.mjs"),
                                ScriptedClient.javascript(javascript, "kafkajs", "kafkajs.mjs"),
                                ScriptedClient.python("kafka-python", "kafka_python.py"),
                                ScriptedClient.go(go, "franzgo"),
                                ScriptedClient.go(go, "sarama"),
                                new KafkaTools(),
                                new KafkaStreamsProgram(),
                                new KafkaConnectProgram()));
    }
}
