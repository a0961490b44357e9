package io.fleuve.broker.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fleuve.broker.BrokerProperties;
import io.fleuve.broker.log.LogEnds;
import io.fleuve.broker.log.Sequencer;
import io.fleuve.broker.metadata.BrokerImage;
import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.CreateTopicResult;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.metadata.NewTopic;
import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.metadata.TopicImage;
import io.fleuve.postgres.EmbeddedPostgres;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Metadata and membership of several brokers on one real server. */
class PostgresClusterMetadataIT {

    private static EmbeddedPostgres postgres;
    private static ConfigurableApplicationContext one;
    private static ConfigurableApplicationContext two;

    @BeforeAll
    static void start() {
        postgres = EmbeddedPostgres.temporary();
        one = context(1);
        two = context(2);
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
        postgres.close();
    }

    @Test
    void createsATopicOnceAndShowsItOnEveryBroker() {
        NewTopic topic = new NewTopic("created", 3, false, Map.of("retention.ms", "-1"));
        TopicImage created = created(one, topic);
        assertThat(created.partitions()).extracting(PartitionImage::index).containsExactly(0, 1, 2);
        assertThat(created.configs()).containsExactly(Map.entry("retention.ms", "-1"));
        assertThat(metadata(two).createTopic(topic))
                .isEqualTo(new CreateTopicResult.Exists(topic(two, "created")));
        assertThat(metadata(two).refresh().topic(created.id())).contains(created);
    }

    @Test
    void deletesATopicWithItsLogs() {
        TopicImage topic = created(one, new NewTopic("deleted", 1, false, Map.of("a", "b")));
        long log = topic.partitions().getFirst().logId();
        assertThat(one.getBean(Sequencer.class).ends(log)).contains(new LogEnds(0, 0));
        assertThat(metadata(two).deleteTopic(topic.id())).contains(topic);
        assertThat(one.getBean(Sequencer.class).ends(log)).isEmpty();
        assertThat(metadata(one).refresh().topic("deleted")).isEmpty();
        assertThat(metadata(one).deleteTopic(topic.id())).isEmpty();
    }

    @Test
    void doesNotDeleteATopicThatWasCreatedAnewUnderTheSameName() {
        TopicImage first = created(one, new NewTopic("again", 1, false, Map.of()));
        metadata(one).deleteTopic(first.id());
        TopicImage second = created(one, new NewTopic("again", 1, false, Map.of()));
        assertThat(metadata(two).deleteTopic(first.id())).isEmpty();
        assertThat(metadata(two).refresh().topic("again")).contains(second);
    }

    @Test
    void growsATopicButNeverShrinksIt() {
        TopicImage before = created(one, new NewTopic("grown", 1, false, Map.of()));
        TopicImage after = metadata(one).growTopic("grown", 3).orElseThrow();
        assertThat(after.partitions()).hasSize(3).startsWith(before.partitions().getFirst());
        assertThat(metadata(one).growTopic("grown", 2).orElseThrow().partitions()).hasSize(3);
        assertThat(metadata(one).growTopic("absent", 2)).isEmpty();
    }

    @Test
    void setsAndRemovesConfigurations() {
        created(one, new NewTopic("configured", 1, false, Map.of("a", "1", "b", "2")));
        TopicImage after =
                metadata(one)
                        .alterTopicConfigs(
                                "configured", Map.of("a", Optional.of("3"), "b", Optional.empty()))
                        .orElseThrow();
        assertThat(after.configs()).isEqualTo(Map.of("a", "3"));
        assertThat(metadata(one).alterTopicConfigs("absent", Map.of())).isEmpty();
    }

    @Test
    void handsOutEachProducerIdOnce() {
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < 1_500; i++) {
            assertThat(ids.add(metadata(one).nextProducerId())).isTrue();
            assertThat(ids.add(metadata(two).nextProducerId())).isTrue();
        }
    }

    @Test
    void tellsListenersOfChangesInOrder() {
        List<Long> versions = new CopyOnWriteArrayList<>();
        metadata(one).onChange(image -> versions.add(image.version()));
        created(one, new NewTopic("told-1", 1, false, Map.of()));
        created(one, new NewTopic("told-2", 1, false, Map.of()));
        assertThat(versions).hasSizeGreaterThanOrEqualTo(3).isSorted();
    }

    @Test
    void movesLeadersWhenABrokerComesAndGoesAndRaisesTheirEpochs() throws Exception {
        ConfigurableApplicationContext three = context(3);
        ConfigurableApplicationContext four = context(4);
        three.getBean(Membership.class).join(new BrokerImage.Address("three.example", 9_003), null);
        TopicImage before = created(three, new NewTopic("led", 20, false, Map.of()));
        four.getBean(Membership.class).join(new BrokerImage.Address("four.example", 9_004), null);
        TopicImage shared = metadata(three).refresh().topic("led").orElseThrow();
        assertThat(shared.partitions()).extracting(PartitionImage::leaderId).contains(3, 4);
        assertEpochsRoseWhereLeadersMoved(before, shared);

        four.getBean(Membership.class).close();
        ClusterImage after = metadata(three).refresh();
        assertThat(after.brokers()).containsKey(3).doesNotContainKey(4);
        assertThat(after.topic("led").orElseThrow().partitions())
                .extracting(PartitionImage::leaderId)
                .doesNotContain(4);
        assertEpochsRoseWhereLeadersMoved(shared, after.topic("led").orElseThrow());
        three.close();
        four.close();
    }

    @Test
    void leadsInThePlaceOfABrokerThatDied() throws Exception {
        ConfigurableApplicationContext five =
                context(5, "fleuve.broker.heartbeat-interval=1h", "fleuve.broker.lease-time=3h");
        ConfigurableApplicationContext six =
                context(6, "fleuve.broker.heartbeat-interval=50ms", "fleuve.broker.lease-time=10s");
        // Enters with a short lease and never renews it: as good as dead.
        five.getBean(ClusterRepository.class)
                .register(5, java.util.UUID.randomUUID(), "five.example", 9_005, 300, null, null);
        six.getBean(Membership.class).join(new BrokerImage.Address("six.example", 9_006), null);
        created(six, new NewTopic("inherited", 20, false, Map.of()));
        await().untilAsserted(
                        () -> {
                            ClusterImage image = metadata(six).current();
                            assertThat(image.brokers()).doesNotContainKey(5);
                            assertThat(image.topic("inherited").orElseThrow().partitions())
                                    .extracting(PartitionImage::leaderId)
                                    .doesNotContain(5);
                        });
        six.getBean(Membership.class).close();
        five.close();
        six.close();
    }

    @Test
    void refusesASecondBrokerUnderALivingOnesId() throws Exception {
        ConfigurableApplicationContext first =
                context(
                        7,
                        "fleuve.broker.heartbeat-interval=20ms",
                        "fleuve.broker.lease-time=200ms");
        ConfigurableApplicationContext second =
                context(
                        7,
                        "fleuve.broker.heartbeat-interval=20ms",
                        "fleuve.broker.lease-time=200ms");
        first.getBean(Membership.class).join(new BrokerImage.Address("seven.example", 9_007), null);
        assertThatThrownBy(
                        () ->
                                second.getBean(Membership.class)
                                        .join(
                                                new BrokerImage.Address("other.example", 9_008),
                                                null))
                .hasMessageContaining("fleuve.broker.id");
        first.getBean(Membership.class).close();
        first.close();
        second.close();
    }

    @Test
    void saysThatTheDatabaseIsAway() {
        EmbeddedPostgres own = EmbeddedPostgres.temporary();
        try (ConfigurableApplicationContext lonely = context(own, 8)) {
            own.kill();
            assertThatThrownBy(() -> metadata(lonely).refresh())
                    .isInstanceOf(MetadataUnavailableException.class);
            own.restart();
            await().ignoreExceptions().untilAsserted(() -> metadata(lonely).refresh());
        } finally {
            own.close();
        }
    }

    private static void assertEpochsRoseWhereLeadersMoved(TopicImage before, TopicImage after) {
        for (PartitionImage now : after.partitions()) {
            PartitionImage then = before.partitions().get(now.index());
            if (now.leaderId() == then.leaderId()) {
                assertThat(now.leaderEpoch()).isEqualTo(then.leaderEpoch());
            } else {
                assertThat(now.leaderEpoch()).isGreaterThan(then.leaderEpoch());
            }
        }
    }

    private static TopicImage created(ConfigurableApplicationContext broker, NewTopic topic) {
        CreateTopicResult result = metadata(broker).createTopic(topic);
        assertThat(result).isInstanceOf(CreateTopicResult.Created.class);
        return ((CreateTopicResult.Created) result).topic();
    }

    private static TopicImage topic(ConfigurableApplicationContext broker, String name) {
        return metadata(broker).current().topic(name).orElseThrow();
    }

    private static PostgresClusterMetadata metadata(ConfigurableApplicationContext broker) {
        return broker.getBean(PostgresClusterMetadata.class);
    }

    private static ConfigurableApplicationContext context(int id, String... properties) {
        return context(postgres, id, properties);
    }

    private static ConfigurableApplicationContext context(
            EmbeddedPostgres server, int id, String... properties) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "fleuve.broker.id=" + id,
                                "spring.datasource.url=" + server.jdbcUrl(),
                                "spring.datasource.username=" + server.user(),
                                "spring.datasource.password=" + server.password(),
                                "spring.datasource.hikari.connection-timeout=1000",
                                "management.endpoint.health.validate-group-membership=false"));
        arguments.addAll(List.of(properties));
        return new SpringApplicationBuilder(Adapters.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .properties("spring.config.name=broker-service")
                .run(arguments.stream().map(each -> "--" + each).toArray(String[]::new));
    }

    /** The adapters alone, without the rest of the broker. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableConfigurationProperties(BrokerProperties.class)
    @Import(PostgresConfiguration.class)
    static class Adapters {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        MembershipSettings membershipSettings(BrokerProperties properties) {
            return new MembershipSettings(
                    properties.fixedId(), properties.heartbeatInterval(), properties.leaseTime());
        }
    }
}
