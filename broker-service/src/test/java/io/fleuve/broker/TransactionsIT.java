package io.fleuve.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.network.KafkaServer;
import io.fleuve.broker.transaction.TransactionCatalog;
import io.fleuve.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.Banner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Transactions of real clients, on two whole brokers. */
class TransactionsIT {

    private static final String TOPIC = "ledger";
    private static final List<TopicPartition> PARTITIONS =
            List.of(new TopicPartition(TOPIC, 0), new TopicPartition(TOPIC, 1));

    @TempDir Path directory;
    private EmbeddedPostgres postgres;
    private ConfigurableApplicationContext one;
    private ConfigurableApplicationContext two;

    @BeforeEach
    void start() throws Exception {
        postgres = EmbeddedPostgres.temporary();
        one = broker(1);
        two = broker(2);
        await().until(
                        () ->
                                one.getBean(ClusterMetadata.class).current().brokers().size() == 2
                                        && two.getBean(ClusterMetadata.class)
                                                        .current()
                                                        .brokers()
                                                        .size()
                                                == 2);
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(Set.of(new NewTopic(TOPIC, 2, (short) -1))).all().get();
        }
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        postgres.close();
    }

    @Test
    void whatIsCommittedIsSeenAndWhatIsAbortedIsNot() throws Exception {
        try (KafkaProducer<String, String> producer = producer("writer", 60_000)) {
            producer.initTransactions();
            for (int i = 0; i < 6; i++) {
                producer.beginTransaction();
                send(producer, 0, "a" + i);
                send(producer, 1, "b" + i);
                if (i % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.flush();
                    producer.abortTransaction();
                }
            }
            producer.beginTransaction();
            send(producer, 0, "open").get();

            assertThat(read(0, true)).containsExactly("a0", "a2", "a4");
            assertThat(read(1, true)).containsExactly("b0", "b2", "b4");
            assertThat(read(0, false)).containsExactly("a0", "a1", "a2", "a3", "a4", "a5", "open");
            // A marker after each of the six.
            assertThat(end(0, true)).isEqualTo(12);
            assertThat(end(0, false)).isEqualTo(13);
            producer.commitTransaction();
            assertThat(read(0, true)).containsExactly("a0", "a2", "a4", "open");
        }
    }

    @Test
    void manyProducersAtOnceAreToldApart() throws Exception {
        Random random = new Random(5);
        List<KafkaProducer<String, String>> producers = new ArrayList<>();
        List<String> committed = new ArrayList<>();
        List<List<String>> open = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            producers.add(producer("many-" + i, 60_000));
            producers.get(i).initTransactions();
            open.add(null);
        }
        for (int step = 0; step < 300; step++) {
            int i = random.nextInt(4);
            KafkaProducer<String, String> producer = producers.get(i);
            if (open.get(i) == null) {
                producer.beginTransaction();
                open.set(i, new ArrayList<>());
            } else if (random.nextInt(4) > 0) {
                String value = i + "-" + step;
                send(producer, 0, value).get();
                open.get(i).add(value);
            } else if (random.nextBoolean()) {
                producer.commitTransaction();
                committed.addAll(open.get(i));
                open.set(i, null);
            } else {
                producer.abortTransaction();
                open.set(i, null);
            }
        }
        for (int i = 0; i < 4; i++) {
            if (open.get(i) != null) {
                producers.get(i).abortTransaction();
            }
            producers.get(i).close();
        }
        assertThat(read(0, true)).containsExactlyInAnyOrderElementsOf(committed);
        assertThat(end(0, true)).isEqualTo(end(0, false));
    }

    @Test
    void offsetsAreCommittedWithTheRecords() throws Exception {
        try (KafkaProducer<String, String> producer = producer("copier", 60_000)) {
            producer.initTransactions();
            TopicPartition from = PARTITIONS.getFirst();
            for (int i = 1; i <= 4; i++) {
                producer.beginTransaction();
                send(producer, 1, "out" + i);
                producer.sendOffsetsToTransaction(
                        Map.of(from, new OffsetAndMetadata(i)),
                        new ConsumerGroupMetadata("copiers"));
                producer.sendOffsetsToTransaction(
                        Map.of(from, new OffsetAndMetadata(i * 10L)),
                        new ConsumerGroupMetadata("copiers"));
                if (i == 3) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
                TransactionState complete =
                        i == 3 ? TransactionState.COMPLETE_ABORT : TransactionState.COMPLETE_COMMIT;
                await().until(() -> state("copier") == complete);
                assertThat(committed("copiers", from)).isEqualTo(i == 3 ? 20 : i * 10L);
            }
            assertThat(read(1, true)).containsExactly("out1", "out2", "out4");
        }
    }

    @Test
    void aTransactionIsCompleteOnceItsGroupsHaveItsOffsets() throws Exception {
        try (KafkaProducer<String, String> producer = producer("settled", 60_000)) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, 0, "sent").get();
            JdbcClient jdbc = one.getBean(JdbcClient.class);
            // In a log that is no broker's: nobody works it off.
            jdbc.sql(
                            """
                            INSERT INTO group_endings (log_id, producer_id, producer_epoch, committed)
                                SELECT -1, producer_id, producer_epoch, true FROM transactions
                            """)
                    .update();
            producer.commitTransaction();
            assertThat(state("settled")).isEqualTo(TransactionState.PREPARE_COMMIT);
            try (Admin admin = Admin.create(client())) {
                assertThat(admin.listTransactions().all().get())
                        .extracting(TransactionListing::state)
                        .containsExactly(TransactionState.PREPARE_COMMIT);
            }
            jdbc.sql("DELETE FROM group_endings").update();
            assertThat(state("settled")).isEqualTo(TransactionState.COMPLETE_COMMIT);
        }
    }

    @Test
    void aSuccessorEndsWhatItsPredecessorLeftOpen() throws Exception {
        try (KafkaProducer<String, String> before = producer("twin", 60_000);
                KafkaProducer<String, String> after = producer("twin", 60_000)) {
            before.initTransactions();
            before.beginTransaction();
            send(before, 0, "lost").get();
            after.initTransactions();
            after.beginTransaction();
            send(after, 0, "kept");
            after.commitTransaction();
            assertThatThrownBy(before::commitTransaction).isInstanceOf(KafkaException.class);
            assertThat(read(0, true)).containsExactly("kept");
            assertThat(end(0, true)).isEqualTo(4);
        }
    }

    @Test
    void anyTextOfReasonableLengthIsATransactionalId() {
        // Nothing that could be compressed: an entry of an index has a limit.
        String longest =
                new Random(7)
                        .ints(TransactionCatalog.MAX_ID_BYTES, '!', '~')
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
        try (KafkaProducer<String, String> producer = producer(longest, 60_000)) {
            producer.initTransactions();
        }
        for (String odd : List.of(longest + "x", "a\0b")) {
            try (KafkaProducer<String, String> producer = producer(odd, 60_000)) {
                assertThatThrownBy(producer::initTransactions)
                        .isInstanceOf(KafkaException.class)
                        .hasStackTraceContaining(Errors.INVALID_REQUEST.message());
            }
        }
    }

    @Test
    void aTransactionThatIsOpenForTooLongIsAborted() throws Exception {
        try (KafkaProducer<String, String> producer = producer("slow", 1_000)) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, 0, "late").get();
            assertThat(end(0, true)).isZero();
            await().untilAsserted(() -> assertThat(end(0, true)).isEqualTo(2));
            assertThat(state("slow")).isEqualTo(TransactionState.COMPLETE_ABORT);
            assertThatThrownBy(
                            () -> {
                                send(producer, 0, "later").get();
                                producer.commitTransaction();
                            })
                    .isInstanceOf(Exception.class);
            assertThat(read(0, true)).isEmpty();
        }
    }

    @Test
    void compactionDropsWhatWasAbortedAndThenItsMarkers() throws Exception {
        String topic = "compacted";
        try (Admin admin = Admin.create(client());
                KafkaProducer<String, String> producer = producer("compactor", 60_000)) {
            admin.createTopics(
                            Set.of(
                                    new NewTopic(topic, 1, (short) -1)
                                            .configs(
                                                    Map.of(
                                                            "cleanup.policy", "compact",
                                                            "min.cleanable.dirty.ratio", "0",
                                                            "delete.retention.ms", "0"))))
                    .all()
                    .get();
            producer.initTransactions();
            for (int i = 0; i < 40; i++) {
                producer.beginTransaction();
                // What is written last of each key is aborted.
                String value = (i % 2 == 0 ? "kept" : "aborted") + i;
                producer.send(new ProducerRecord<>(topic, 0, "k" + i / 2 % 4, value));
                producer.flush();
                if (i % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
            TopicPartition partition = new TopicPartition(topic, 0);
            List<String> expected = List.of("kept32", "kept34", "kept36", "kept38");
            assertThat(values(partition, true)).endsWith("kept32", "kept34", "kept36", "kept38");
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> {
                                // Compaction needs something new to begin with.
                                producer.beginTransaction();
                                producer.send(new ProducerRecord<>(topic, 0, "x", "x"));
                                producer.commitTransaction();
                                assertThat(values(partition, false))
                                        .containsSubsequence(expected)
                                        .noneMatch(value -> value.startsWith("aborted"));
                                assertThat(abortedTransactions()).isZero();
                            });
            assertThat(values(partition, true)).containsSubsequence(expected);
        }
    }

    private long abortedTransactions() {
        return one.getBean(JdbcClient.class)
                .sql("SELECT count(*) FROM aborted_transactions")
                .query(Long.class)
                .single();
    }

    private static java.util.concurrent.Future<?> send(
            KafkaProducer<String, String> producer, int partition, String value) {
        return producer.send(new ProducerRecord<>(TOPIC, partition, null, value));
    }

    private TransactionState state(String id) throws Exception {
        try (Admin admin = Admin.create(client())) {
            return admin.describeTransactions(List.of(id)).description(id).get().state();
        }
    }

    private long committed(String group, TopicPartition partition) throws Exception {
        try (Admin admin = Admin.create(client())) {
            OffsetAndMetadata found =
                    admin.listConsumerGroupOffsets(group)
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .get(partition);
            return found == null ? -1 : found.offset();
        }
    }

    private List<String> read(int partition, boolean committed) {
        return values(PARTITIONS.get(partition), committed);
    }

    private List<String> values(TopicPartition from, boolean committed) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(committed)) {
            consumer.assign(List.of(from));
            consumer.seekToBeginning(List.of(from));
            long end = consumer.endOffsets(List.of(from)).getOrDefault(from, -1L);
            while (consumer.position(from) < end) {
                for (ConsumerRecord<String, String> record :
                        consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.value());
                }
            }
        }
        return values;
    }

    private long end(int partition, boolean committed) {
        try (KafkaConsumer<String, String> consumer = consumer(committed)) {
            TopicPartition of = PARTITIONS.get(partition);
            return consumer.endOffsets(List.of(of)).getOrDefault(of, -1L);
        }
    }

    private KafkaConsumer<String, String> consumer(boolean committed) {
        Map<String, Object> settings = client();
        settings.put("isolation.level", committed ? "read_committed" : "read_uncommitted");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    private KafkaProducer<String, String> producer(String id, int timeoutMs) {
        Map<String, Object> settings = client();
        settings.put("transactional.id", id);
        settings.put("transaction.timeout.ms", timeoutMs);
        settings.put("linger.ms", 0);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private Map<String, Object> client() {
        return new HashMap<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + port(one) + ",127.0.0.1:" + port(two)));
    }

    private static int port(ConfigurableApplicationContext broker) {
        return broker.getBean(KafkaServer.class).port();
    }

    private ConfigurableApplicationContext broker(int id) {
        return BrokerApplication.application()
                .bannerMode(Banner.Mode.OFF)
                .run(
                        Stream.of(
                                        "fleuve.broker.id=" + id,
                                        "fleuve.broker.store=" + directory,
                                        "fleuve.broker.heartbeat-interval=200ms",
                                        "fleuve.broker.lease-time=2s",
                                        "fleuve.broker.kafka.port=0",
                                        "fleuve.broker.transactions.check-interval=200ms",
                                        "fleuve.broker.log.max-object-age=300ms",
                                        "fleuve.broker.log.tail-cache=1B",
                                        "fleuve.broker.log.read-cache=1B",
                                        "fleuve.broker.log.index-age=100ms",
                                        "fleuve.broker.upkeep.interval=100ms",
                                        "fleuve.broker.upkeep.compaction-interval=100ms",
                                        "server.port=0",
                                        "spring.datasource.url=" + postgres.jdbcUrl(),
                                        "spring.datasource.username=" + postgres.user(),
                                        "spring.datasource.password=" + postgres.password(),
                                        "spring.datasource.hikari.connection-timeout=1000")
                                .map(each -> "--" + each)
                                .toArray(String[]::new));
    }
}
