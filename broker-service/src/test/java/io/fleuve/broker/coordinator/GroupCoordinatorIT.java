package io.fleuve.broker.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.broker.BrokerProperties;
import io.fleuve.broker.log.SequencedLogs;
import io.fleuve.broker.metadata.BrokerImage;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.NewTopic;
import io.fleuve.broker.postgres.Membership;
import io.fleuve.broker.testing.NoTransactions;
import io.fleuve.postgres.EmbeddedPostgres;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.type.AnnotationMetadata;

/** Groups of two brokers on the real log: a directory, and a PostgreSQL server. */
class GroupCoordinatorIT {

    private static final String GROUP = "readers";
    private static final String TOPIC = "temperature-data";

    @TempDir private Path store;
    private final List<Broker> brokers = new ArrayList<>();
    private EmbeddedPostgres postgres;

    @BeforeEach
    void start() {
        postgres = EmbeddedPostgres.temporary();
    }

    @AfterEach
    void stop() throws Exception {
        for (Broker broker : brokers) {
            broker.close();
        }
        postgres.close();
    }

    @Test
    void carriesMembersAndOffsetsOverWhenABrokerLeaves() throws Exception {
        Broker one = broker(1);
        one.metadata().createTopic(new NewTopic(TOPIC, 6, false, Map.of()));
        assertThat(one.host.locate(GROUP)).isPresent();
        TestMember member = new TestMember(one.host, GROUP);
        assertThat(member.join()).isEqualTo(Errors.NONE);
        assertThat(member.sync(new byte[] {7})).containsExactly(7);
        for (int offset = 1; offset <= 100; offset++) {
            assertThat(member.commit(TOPIC, offset % 6, offset)).isEqualTo(Errors.NONE);
        }
        Broker two = broker(2);

        one.context.getBean(Membership.class).close();

        TestMember moved = member.at(two.host);
        await().untilAsserted(() -> assertThat(moved.fetch(TOPIC, 4)).isEqualTo(100));
        assertThat(moved.heartbeat()).isEqualTo(Errors.NONE);
        // The first one has not read newer metadata since it left; the database refuses it.
        assertThat(member.commit(TOPIC, 4, 7)).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(moved.commit(TOPIC, 4, 101)).isEqualTo(Errors.NONE);
        assertThat(moved.fetch(TOPIC, 4)).isEqualTo(101);
    }

    @Test
    void goesOnWhenTheDatabaseComesBack() throws Exception {
        Broker one = broker(1);
        one.metadata().createTopic(new NewTopic(TOPIC, 6, false, Map.of()));
        assertThat(one.host.locate(GROUP)).isPresent();
        TestMember member = new TestMember(one.host, GROUP);
        member.join();
        member.sync(new byte[0]);
        assertThat(member.commit(TOPIC, 0, 1)).isEqualTo(Errors.NONE);

        postgres.kill();

        assertThat(member.commit(TOPIC, 0, 2))
                .isIn(Errors.COORDINATOR_NOT_AVAILABLE, Errors.NOT_COORDINATOR);
        postgres.restart();
        // Whether the second commit has happened is not known to the client; both are right.
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(member.fetch(TOPIC, 0)).isIn(1L, 2L));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(member.commit(TOPIC, 0, 3)).isEqualTo(Errors.NONE));
        assertThat(member.fetch(TOPIC, 0)).isEqualTo(3);
    }

    private Broker broker(int id) throws Exception {
        ConfigurableApplicationContext context =
                new SpringApplicationBuilder(LogAndMetadata.class)
                        .web(WebApplicationType.NONE)
                        .bannerMode(Banner.Mode.OFF)
                        .properties("spring.config.name=broker-service")
                        .run(
                                "--fleuve.broker.id=" + id,
                                "--fleuve.broker.store=" + store,
                                "--fleuve.broker.heartbeat-interval=100ms",
                                "--spring.datasource.url=" + postgres.jdbcUrl(),
                                "--spring.datasource.username=" + postgres.user(),
                                "--spring.datasource.password=" + postgres.password(),
                                "--spring.datasource.hikari.connection-timeout=1000",
                                "--management.endpoint.health.validate-group-membership=false");
        context.getBean(SequencedLogs.class).start();
        context.getBean(Membership.class).join(new BrokerImage.Address("broker-" + id, 9092), null);
        Broker broker =
                new Broker(
                        context,
                        new GroupCoordinatorHost(
                                context.getBean(SequencedLogs.class),
                                context.getBean(ClusterMetadata.class),
                                TestMember.settings(),
                                context.getBean(EndedTransactions.class),
                                new NoTransactions(),
                                new SimpleMeterRegistry()));
        brokers.add(broker);
        broker.host.start();
        return broker;
    }

    private record Broker(ConfigurableApplicationContext context, GroupCoordinatorHost host) {

        ClusterMetadata metadata() {
            return context.getBean(ClusterMetadata.class);
        }

        void close() throws Exception {
            host.close();
            context.getBean(Membership.class).close();
            context.getBean(SequencedLogs.class).close();
            context.close();
        }
    }

    /** What the coordinator stands on, without the rest of the broker. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @AutoConfigurationPackage(basePackages = "io.fleuve.broker.postgres")
    @EnableConfigurationProperties(BrokerProperties.class)
    @Import(Adapters.class)
    static class LogAndMetadata {

        @Bean
        MeterRegistry meterRegistry() {
            return new SimpleMeterRegistry();
        }
    }

    /** Their configurations are not public. */
    static final class Adapters implements ImportSelector {

        @Override
        public String[] selectImports(AnnotationMetadata importing) {
            return new String[] {
                "io.fleuve.broker.LogConfiguration",
                "io.fleuve.broker.postgres.PostgresConfiguration"
            };
        }
    }
}
