package io.fleuve.broker.protocol;

import static io.fleuve.broker.protocol.ProtocolFixture.NOW;

import io.fleuve.broker.metadata.CreateTopicResult;
import io.fleuve.broker.metadata.NewTopic;
import io.fleuve.broker.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ProduceResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A broker with one topic, and the means to write to it. */
abstract class RecordScenario {

    ProtocolFixture broker;
    TopicImage topic;

    @BeforeEach
    void start() {
        broker = new ProtocolFixture();
        topic = create("readings", 2, Map.of());
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    TopicImage create(String name, int partitions, Map<String, String> configs) {
        return ((CreateTopicResult.Created)
                        broker.metadata.createTopic(new NewTopic(name, partitions, false, configs)))
                .topic();
    }

    long logId(int partition) {
        return topic.partition(partition).orElseThrow().logId();
    }

    static MemoryRecords records(int count) {
        return timed(IntStream.range(0, count).mapToLong(i -> NOW - 100 + i).toArray());
    }

    static MemoryRecords timed(long... timestamps) {
        SimpleRecord[] records = new SimpleRecord[timestamps.length];
        for (int i = 0; i < records.length; i++) {
            records[i] = new SimpleRecord(timestamps[i], null, new byte[] {(byte) i});
        }
        return MemoryRecords.withRecords(Compression.NONE, records);
    }

    PartitionProduceResponse produce(int version, int partition, MemoryRecords records) {
        ProduceRequestData request =
                produceRequest(version, topic.name(), topic.id(), partition, records);
        return broker.ask(request, version, ProduceResponse.class)
                .data()
                .responses()
                .iterator()
                .next()
                .partitionResponses()
                .getFirst();
    }

    static ProduceRequestData produceRequest(
            int version, String name, UUID id, int partition, MemoryRecords records) {
        TopicProduceData data =
                new TopicProduceData()
                        .setPartitionData(
                                List.of(
                                        new PartitionProduceData()
                                                .setIndex(partition)
                                                .setRecords(records)));
        if (version >= 13) {
            data.setTopicId(ClusterView.toKafka(id));
        } else {
            data.setName(name);
        }
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(data);
        return new ProduceRequestData()
                .setAcks((short) -1)
                .setTimeoutMs(1_000)
                .setTopicData(topics);
    }

    PartitionData fetch(int version, int partition, long offset) {
        return broker.ask(fetchRequest(version, partition, offset), version, FetchResponse.class)
                .data()
                .responses()
                .getFirst()
                .partitions()
                .getFirst();
    }

    FetchRequestData fetchRequest(int version, int partition, long offset) {
        FetchTopic asked = new FetchTopic();
        asked.partitions().add(partition(partition, offset));
        if (version >= 13) {
            asked.setTopicId(ClusterView.toKafka(topic.id()));
        } else {
            asked.setTopic(topic.name());
        }
        FetchRequestData request =
                new FetchRequestData()
                        .setMaxWaitMs(0)
                        .setMinBytes(0)
                        .setMaxBytes(1_000_000)
                        .setIsolationLevel((byte) 1)
                        .setSessionEpoch(-1);
        request.topics().add(asked);
        return request;
    }

    static FetchPartition partition(int index, long offset) {
        return new FetchPartition()
                .setPartition(index)
                .setFetchOffset(offset)
                .setPartitionMaxBytes(1_000_000);
    }

    static List<RecordBatch> batches(PartitionData data) {
        List<RecordBatch> batches = new ArrayList<>();
        FetchResponse.recordsOrFail(data).batches().forEach(batches::add);
        return batches;
    }
}
