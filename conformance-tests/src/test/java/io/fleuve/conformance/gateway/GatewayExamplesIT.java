package io.fleuve.conformance.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.conformance.platform.ApacheKafkaPlatform;
import io.fleuve.conformance.platform.PlatformUnderTest;
import io.fleuve.conformance.platform.Subject;
import io.fleuve.gateway.GatewayApplication;
import io.fleuve.gateway.examples.Example;
import io.fleuve.gateway.examples.Examples;
import io.fleuve.gateway.examples.Examples.Outcome;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A gateway in front of Apache Kafka and one in front of Fleuve answer the examples of Confluent's
 * and Strimzi's documentation as these show, and say the same of what they refuse.
 */
class GatewayExamplesIT {

    private static @Nullable Behind oracle;
    private static @Nullable Behind subject;

    /** A platform, and a gateway in front of it. */
    private record Behind(
            PlatformUnderTest platform, ConfigurableApplicationContext gateway, Examples examples)
            implements AutoCloseable {

        static Behind of(PlatformUnderTest platform) {
            ConfigurableApplicationContext gateway =
                    GatewayApplication.application()
                            .run(
                                    "--server.port=0",
                                    "--spring.main.banner-mode=off",
                                    "--fleuve.gateway.bootstrap-servers="
                                            + platform.bootstrapServers());
            String port = gateway.getEnvironment().getRequiredProperty("local.server.port");
            return new Behind(platform, gateway, Examples.of("http://127.0.0.1:" + port));
        }

        Outcome run(Example example) {
            Outcome outcome = examples.run(example);
            assertThat(outcome.faults()).as("in front of %s", platform.name()).isEmpty();
            return outcome;
        }

        @Override
        public void close() {
            gateway.close();
            platform.close();
        }
    }

    @BeforeAll
    static void start() {
        oracle = Behind.of(new ApacheKafkaPlatform());
        subject = Behind.of(Subject.start());
    }

    @AfterAll
    static void stop() {
        if (subject != null) {
            subject.close();
        }
        if (oracle != null) {
            oracle.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> answersTheSameInFrontOfEither() {
        return Stream.of(
                        Examples.CONFLUENT_V3,
                        Examples.CONFLUENT_V2,
                        Examples.CONFLUENT_V2_CONSUMERS,
                        Examples.STRIMZI)
                .flatMap(
                        resource ->
                                Examples.load(resource).stream()
                                        .map(
                                                example ->
                                                        DynamicTest.dynamicTest(
                                                                resource + ": " + example.name(),
                                                                () -> compare(example))));
    }

    private static void compare(Example example) {
        Behind first = oracle;
        Behind second = subject;
        if (first == null || second == null) {
            throw new IllegalStateException("the platforms did not start");
        }
        Outcome expected = first.run(example);
        if (example.notByFleuve() != null && !Subject.isStandIn()) {
            assertThat(second.examples().run(example).faults())
                    .as("Fleuve does not do it: %s", example.notByFleuve())
                    .isNotEmpty();
        } else {
            assertThat(second.run(example).answers()).containsExactlyElementsOf(expected.answers());
        }
    }
}
