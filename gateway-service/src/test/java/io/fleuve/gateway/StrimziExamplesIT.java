package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Client;
import io.fleuve.gateway.examples.Examples;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(GatewayUnderTest.class)
class StrimziExamplesIT {

    private final Examples examples;

    StrimziExamplesIT(Client client) {
        this.examples = Examples.of(client.baseUrl());
    }

    @TestFactory
    Stream<DynamicTest> answersTheExamplesOfTheBridgeAsDocumented() {
        return Examples.load(Examples.STRIMZI).stream()
                .map(
                        example ->
                                DynamicTest.dynamicTest(
                                        example.name(),
                                        () ->
                                                assertThat(examples.run(example).faults())
                                                        .isEmpty()));
    }
}
