package io.fleuve.kafkapeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApacheKafkaIT {

    @TempDir Path directory;

    @Test
    void keepsRecordsThroughRestartAndReopening() throws Exception {
        Path logs = directory.resolve("kafka");
        try (ApacheKafka kafka = ApacheKafka.start(logs)) {
            produce(kafka, "before");
            String address = kafka.bootstrapServers();
            long pid = kafka.pid();
            kafka.restart();
            assertThat(kafka.bootstrapServers()).isEqualTo(address);
            assertThat(kafka.pid()).isNotEqualTo(pid);
            produce(kafka, "after");
            assertThat(consume(kafka, 2)).containsExactly("before", "after");
        }
        try (ApacheKafka kafka = ApacheKafka.start(logs)) {
            assertThat(consume(kafka, 2)).containsExactly("before", "after");
        }
    }

    @Test
    void startsAgainAfterKill() throws Exception {
        try (ApacheKafka kafka = ApacheKafka.temporary()) {
            produce(kafka, "one");
            kafka.kill();
            assertThat(kafka.isRunning()).isFalse();
            kafka.restart();
            produce(kafka, "two");
            assertThat(consume(kafka, 2)).last().isEqualTo("two");
        }
    }

    @Test
    void temporaryLeavesNothingBehind() {
        ApacheKafka kafka = ApacheKafka.temporary();
        Path logs = kafka.logDirectory();
        long pid = kafka.pid();
        kafka.close();
        assertThat(logs).doesNotExist();
        assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)).isFalse();
    }

    @Test
    void showsTheEndOfTheLogWhenItDoesNotStart() {
        assertThatThrownBy(
                        () ->
                                ApacheKafka.builder()
                                        .property("num.partitions", "many")
                                        .start(directory.resolve("broken")))
                .isInstanceOf(ApacheKafkaException.class)
                .hasMessageContaining("num.partitions");
    }

    private static void produce(ApacheKafka kafka, String value) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (var producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("readings", value)).get(30, TimeUnit.SECONDS);
        }
    }

    private static List<String> consume(ApacheKafka kafka, int count) {
        Map<String, Object> config =
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "group.id",
                        "readers-" + System.nanoTime(),
                        "auto.offset.reset",
                        "earliest");
        try (var consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("readings"));
            List<String> values = new ArrayList<>();
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(200));
                for (ConsumerRecord<String, String> record : records) {
                    values.add(record.value());
                }
            }
            return values;
        }
    }
}
