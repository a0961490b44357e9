package io.fleuve.broker.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.broker.log.Append;
import io.fleuve.broker.metadata.NewTopic;
import io.fleuve.broker.metadata.TopicImage;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.DeleteRecordsResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** DeleteRecords, with Apache Kafka's answers. */
class DeleteRecordsTest {

    private ProtocolFixture broker;

    @BeforeEach
    void start() {
        broker = new ProtocolFixture();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void movesTheStartForwardAndNeverBack() throws Exception {
        topicOfFive("readings", Map.of(), false);
        assertThat(delete("readings", 0, 3)).isEqualTo("NONE 3");
        assertThat(delete("readings", 0, 1)).isEqualTo("NONE 3");
        assertThat(delete("readings", 0, -1)).isEqualTo("NONE 5");
    }

    @Test
    void refusesOffsetsThatAreNotThere() throws Exception {
        topicOfFive("readings", Map.of(), false);
        assertThat(delete("readings", 0, 6)).isEqualTo("OFFSET_OUT_OF_RANGE -1");
        assertThat(delete("readings", 0, -2)).isEqualTo("OFFSET_OUT_OF_RANGE -1");
        assertThat(delete("readings", 1, 0)).isEqualTo("UNKNOWN_TOPIC_OR_PARTITION -1");
        assertThat(delete("nothing", 0, 0)).isEqualTo("UNKNOWN_TOPIC_OR_PARTITION -1");
    }

    @Test
    void refusesTopicsThatAreOnlyCompactedAndTheBrokersOwn() throws Exception {
        topicOfFive("compacted", Map.of("cleanup.policy", "compact"), false);
        topicOfFive("both", Map.of("cleanup.policy", "compact,delete"), false);
        topicOfFive("__consumer_offsets", Map.of(), true);
        assertThat(delete("compacted", 0, 1)).isEqualTo("POLICY_VIOLATION -1");
        assertThat(delete("both", 0, 1)).isEqualTo("NONE 1");
        assertThat(delete("__consumer_offsets", 0, 1)).isEqualTo("INVALID_TOPIC_EXCEPTION -1");
    }

    @Test
    void asksToTryAgainWhileTheLogDoesNotAnswer() throws Exception {
        topicOfFive("readings", Map.of(), false);
        broker.logs.setAvailable(false);
        assertThat(delete("readings", 0, 1)).isEqualTo("KAFKA_STORAGE_ERROR -1");
    }

    private void topicOfFive(String name, Map<String, String> configs, boolean internal)
            throws Exception {
        broker.metadata.createTopic(new NewTopic(name, 1, internal, configs));
        TopicImage topic = broker.metadata.current().topic(name).orElseThrow();
        SimpleRecord[] records = new SimpleRecord[5];
        for (int i = 0; i < records.length; i++) {
            records[i] = new SimpleRecord(1_000L, new byte[] {1}, new byte[] {(byte) i});
        }
        broker.logs
                .append(
                        new Append(
                                topic.partitions().getFirst().logId(),
                                MemoryRecords.withRecords(Compression.NONE, records).buffer(),
                                0,
                                false,
                                false))
                .get();
    }

    private String delete(String topic, int partition, long offset) {
        DeleteRecordsRequestData request =
                new DeleteRecordsRequestData()
                        .setTopics(
                                List.of(
                                        new DeleteRecordsTopic()
                                                .setName(topic)
                                                .setPartitions(
                                                        List.of(
                                                                new DeleteRecordsPartition()
                                                                        .setPartitionIndex(
                                                                                partition)
                                                                        .setOffset(offset)))));
        DeleteRecordsPartitionResult result =
                broker.ask(request, 2, DeleteRecordsResponse.class)
                        .data()
                        .topics()
                        .iterator()
                        .next()
                        .partitions()
                        .iterator()
                        .next();
        return Errors.forCode(result.errorCode()) + " " + result.lowWatermark();
    }
}
