package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Client;
import io.fleuve.gateway.examples.Example;
import io.fleuve.gateway.examples.Examples;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(GatewayUnderTest.class)
class ConfluentExamplesIT {

    private final Examples examples;

    ConfluentExamplesIT(Client client) {
        this.examples = Examples.of(client.baseUrl());
    }

    @TestFactory
    Stream<DynamicTest> answersTheExamplesOfV3AsDocumented() {
        return Examples.load(Examples.CONFLUENT_V3).stream().map(this::toTest);
    }

    @TestFactory
    Stream<DynamicTest> answersTheExamplesOfV2AsDocumented() {
        return Examples.load(Examples.CONFLUENT_V2).stream().map(this::toTest);
    }

    @TestFactory
    Stream<DynamicTest> answersTheExamplesOfConsumerInstancesAsDocumented() {
        return Examples.load(Examples.CONFLUENT_V2_CONSUMERS).stream().map(this::toTest);
    }

    private DynamicTest toTest(Example example) {
        return DynamicTest.dynamicTest(
                example.name(),
                () -> {
                    if (example.notByFleuve() != null) {
                        GatewayUnderTest.assumeApacheKafka();
                    }
                    assertThat(examples.run(example).faults()).isEmpty();
                });
    }
}
