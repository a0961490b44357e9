package io.fleuve.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.network.KafkaServer;
import io.fleuve.broker.postgres.BrokerIds;
import io.fleuve.broker.postgres.PostgresSequencer;
import io.fleuve.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.Banner;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two whole brokers on one database and one directory. */
class BrokerClusterIT {

    private static final String TOPIC = "shared";

    @TempDir Path directory;
    private EmbeddedPostgres postgres;
    private ConfigurableApplicationContext one;
    private ConfigurableApplicationContext two;

    @BeforeEach
    void start() throws Exception {
        postgres = EmbeddedPostgres.temporary();
        one = broker(1);
        two = broker(2);
        await().untilAsserted(() -> assertThat(brokersKnownTo(one)).containsExactly(1, 2));
        try (Admin admin = Admin.create(client(one))) {
            admin.createTopics(Set.of(new NewTopic(TOPIC, 1, (short) -1))).all().get();
        }
        await().untilAsserted(
                        () ->
                                assertThat(
                                                two.getBean(ClusterMetadata.class)
                                                        .current()
                                                        .topic(TOPIC))
                                        .isPresent());
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        postgres.close();
    }

    @Test
    void bothServeTheSamePartitionWhoeverLeadsIt() throws Exception {
        try (DirectClient first = new DirectClient(port(one));
                DirectClient second = new DirectClient(port(two))) {
            List<Long> offsets = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                offsets.add((i % 3 == 0 ? first : second).produce(TOPIC, 0, "r" + i));
            }
            assertThat(offsets).isEqualTo(IntStream.range(0, 20).mapToObj(Long::valueOf).toList());
            List<String> values = IntStream.range(0, 20).mapToObj(i -> "r" + i).toList();
            assertThat(first.fetchAll(TOPIC, 0, 20)).isEqualTo(values);
            assertThat(second.fetchAll(TOPIC, 0, 20)).isEqualTo(values);
        }
    }

    @Test
    void clientsAreToldTheSameLeaderAndEpochByBoth() throws Exception {
        var told =
                Stream.of(one, two)
                        .map(broker -> broker.getBean(ClusterMetadata.class).refresh())
                        .map(image -> image.topic(TOPIC).orElseThrow().partitions())
                        .toList();
        assertThat(told.getFirst()).isEqualTo(told.getLast());
    }

    @Test
    void brokersThatDoNotCareGetIdsThatAreFree() {
        BrokerIds ids = one.getBean(BrokerIds.class);
        assertThat(List.of(ids.claim(), ids.claim())).containsExactly(3, 4);
        try (ConfigurableApplicationContext five = broker("auto");
                ConfigurableApplicationContext six = broker("auto")) {
            assertThat(five.getBean(ClusterMetadata.class).brokerId()).isEqualTo(5);
            assertThat(six.getBean(ClusterMetadata.class).brokerId()).isEqualTo(6);
            await().untilAsserted(
                            () -> assertThat(brokersKnownTo(one)).containsExactly(1, 2, 5, 6));
        }
    }

    @Test
    void aBrokerWhoseIdWasTakenIsNotAliveAnyMore() {
        HealthIndicator membership =
                two.getBean("membershipHealthIndicator", HealthIndicator.class);
        assertThat(membership.health()).extracting("status").isEqualTo(Status.UP);
        two.getBean(JdbcClient.class)
                .sql(
                        "UPDATE broker.brokers SET incarnation = gen_random_uuid() WHERE broker_id = 2")
                .update();
        await().untilAsserted(
                        () ->
                                assertThat(membership.health())
                                        .extracting("status")
                                        .isEqualTo(Status.DOWN));
    }

    @Test
    void clientsAreToldTheAddressesOfTheListenerThatTheyAsk() throws Exception {
        assertThat(addressesTold(client(one))).containsExactlyInAnyOrder(inside(one), inside(two));
        Map<String, Object> outside =
                Map.of("bootstrap.servers", outside(one), "transactional.id", "outside");
        assertThat(addressesTold(outside)).containsExactlyInAnyOrder(outside(one), outside(two));
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(outside, new StringSerializer(), new StringSerializer())) {
            // In a transaction, so that its coordinator has to be found as well.
            producer.initTransactions();
            producer.beginTransaction();
            assertThat(producer.send(new ProducerRecord<>(TOPIC, "from outside")).get().offset())
                    .isZero();
            producer.commitTransaction();
        }
    }

    private static List<String> addressesTold(Map<String, Object> client) throws Exception {
        try (Admin admin = Admin.create(client)) {
            return admin.describeCluster().nodes().get().stream()
                    .map(node -> node.host() + ":" + node.port())
                    .toList();
        }
    }

    private static String inside(ConfigurableApplicationContext broker) {
        return "127.0.0.1:" + port(broker);
    }

    private static String outside(ConfigurableApplicationContext broker) {
        return "localhost:" + broker.getBean(KafkaServer.class).externalPort();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aGroupSurvivesTheDeathOfItsCoordinator(String protocol) throws Exception {
        Map<String, Object> consumer = client(one, two);
        consumer.put("group.id", "survivors");
        consumer.put("group.protocol", protocol);
        consumer.put("auto.offset.reset", "earliest");
        consumer.put("enable.auto.commit", "false");
        try (KafkaProducer<String, String> producer = producer();
                KafkaConsumer<String, String> member =
                        new KafkaConsumer<>(
                                consumer, new StringDeserializer(), new StringDeserializer())) {
            member.subscribe(List.of(TOPIC));
            producer.send(new ProducerRecord<>(TOPIC, "before")).get();
            assertThat(poll(member, 1)).containsExactly("before");
            member.commitSync();

            ConfigurableApplicationContext coordinator = coordinatorOf("survivors");
            kill(coordinator);

            producer.send(new ProducerRecord<>(TOPIC, "after")).get();
            assertThat(poll(member, 1)).containsExactly("after");
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .untilAsserted(() -> member.commitSync());
            ConfigurableApplicationContext survivor = coordinator == one ? two : one;
            try (Admin admin = Admin.create(client(survivor))) {
                assertThat(
                                admin.listConsumerGroupOffsets("survivors")
                                        .partitionsToOffsetAndMetadata()
                                        .get())
                        .extractingByKey(new TopicPartition(TOPIC, 0))
                        .extracting(OffsetAndMetadata::offset)
                        .isEqualTo(2L);
            }
        }
    }

    /** As good as dead: its connections break, and it can neither renew its lease nor commit. */
    private static void kill(ConfigurableApplicationContext broker) {
        broker.getBean(HikariDataSource.class).close();
        broker.getBean(PostgresSequencer.class).close();
        broker.getBean(KafkaServer.class).close();
    }

    private ConfigurableApplicationContext coordinatorOf(String group) throws Exception {
        try (Admin admin = Admin.create(client(one, two))) {
            int id =
                    admin.describeConsumerGroups(Set.of(group)).all().get().values().stream()
                            .map(description -> description.coordinator().id())
                            .findFirst()
                            .orElseThrow();
            return id == 1 ? one : two;
        }
    }

    private static List<String> poll(KafkaConsumer<String, String> consumer, int count) {
        List<String> values = new ArrayList<>();
        await().atMost(Duration.ofSeconds(40))
                .until(
                        () -> {
                            for (ConsumerRecord<String, String> record :
                                    consumer.poll(Duration.ofMillis(200))) {
                                values.add(record.value());
                            }
                            return values.size() >= count;
                        });
        return values;
    }

    private KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(
                client(one, two), new StringSerializer(), new StringSerializer());
    }

    private static Map<String, Object> client(ConfigurableApplicationContext... brokers) {
        String servers =
                String.join(
                        ",",
                        Arrays.stream(brokers).map(each -> "127.0.0.1:" + port(each)).toList());
        return new java.util.HashMap<>(Map.of("bootstrap.servers", servers));
    }

    private static int port(ConfigurableApplicationContext broker) {
        return broker.getBean(KafkaServer.class).port();
    }

    private static Set<Integer> brokersKnownTo(ConfigurableApplicationContext broker) {
        return broker.getBean(ClusterMetadata.class).current().brokers().keySet();
    }

    private ConfigurableApplicationContext broker(Object id) {
        return BrokerApplication.application()
                .bannerMode(Banner.Mode.OFF)
                .run(
                        Stream.of(
                                        "fleuve.broker.id=" + id,
                                        "fleuve.broker.store=" + directory,
                                        "fleuve.broker.heartbeat-interval=200ms",
                                        "fleuve.broker.lease-time=2s",
                                        "fleuve.broker.kafka.port=0",
                                        "fleuve.broker.external.port=0",
                                        "fleuve.broker.external.advertised-host=localhost",
                                        "server.port=0",
                                        "spring.datasource.url=" + postgres.jdbcUrl(),
                                        "spring.datasource.username=" + postgres.user(),
                                        "spring.datasource.password=" + postgres.password(),
                                        "spring.datasource.hikari.connection-timeout=1000")
                                .map(each -> "--" + each)
                                .toArray(String[]::new));
    }
}
