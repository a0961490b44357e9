package io.fleuve.broker.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.broker.log.ReadResult;
import io.fleuve.broker.metadata.NewTopic;
import io.fleuve.broker.metadata.TopicImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ProduceResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RecompressionTest {

    private static final long NOW = ProtocolFixture.NOW;

    private final ProtocolFixture broker = new ProtocolFixture();

    @AfterEach
    void stop() {
        broker.close();
    }

    static Stream<Arguments> pairs() {
        return Stream.of("producer", "uncompressed", "gzip", "snappy", "lz4", "zstd")
                .flatMap(
                        wanted ->
                                Arrays.stream(CompressionType.values())
                                        .map(sent -> Arguments.of(wanted, sent)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aBatchGetsTheCompressionOfItsTopicAndStaysTheSame(String wanted, CompressionType sent) {
        TopicImage topic = create(Map.of("compression.type", wanted));
        assertThat(produce(batch(Compression.of(sent).build(), 40)).errorCode()).isZero();
        RecordBatch stored = stored(topic).getFirst();
        assertThat(stored.compressionType())
                .isEqualTo(
                        switch (wanted) {
                            case "producer" -> sent;
                            case "uncompressed" -> CompressionType.NONE;
                            default -> CompressionType.forName(wanted);
                        });
        stored.ensureValid();
        assertThat(stored.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
        assertThat(stored.maxTimestamp()).isEqualTo(NOW + 39);
        assertThat(stored.producerId()).isEqualTo(77);
        assertThat(stored.producerEpoch()).isEqualTo((short) 3);
        assertThat(stored.baseSequence()).isEqualTo(12);
        assertThat(stored.countOrNull()).isEqualTo(40);
        List<Record> records = new ArrayList<>();
        stored.iterator().forEachRemaining(records::add);
        for (int i = 0; i < 40; i++) {
            Record record = records.get(i);
            assertThat(record.offset()).isEqualTo(i);
            assertThat(record.timestamp()).isEqualTo(NOW + i);
            assertThat(record.key()).isEqualTo(ByteBuffer.wrap(("key " + i).getBytes(UTF_8)));
            assertThat(record.value()).isEqualTo(ByteBuffer.wrap(new byte[100]));
            assertThat(record.headers()).containsExactly(new RecordHeader("h", new byte[] {7}));
        }
    }

    @Test
    void appendTimeIsStampedOnTheNewBatch() {
        TopicImage topic =
                create(
                        Map.of(
                                "compression.type",
                                "zstd",
                                "message.timestamp.type",
                                "LogAppendTime"));
        PartitionProduceResponse answer = produce(batch(Compression.NONE, 5));
        assertThat(answer.logAppendTimeMs()).isEqualTo(NOW);
        RecordBatch stored = stored(topic).getFirst();
        stored.ensureValid();
        assertThat(stored.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(stored.iterator().next().timestamp()).isEqualTo(NOW);
    }

    @Test
    void refusesABatchThatIsTooLargeOnlyOnceItIsUncompressed() {
        MemoryRecords small = batch(Compression.gzip().build(), 200);
        assertThat(small.sizeInBytes()).isLessThan(5_000);
        create(Map.of("compression.type", "uncompressed", "max.message.bytes", "5000"));
        PartitionProduceResponse answer = produce(small);
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.MESSAGE_TOO_LARGE);
        assertThat(answer.errorMessage()).contains("max.message.bytes");
    }

    @Test
    void refusesABatchThatIsTooLargeAsItComesThoughItCouldBeCompressed() {
        create(Map.of("compression.type", "gzip", "max.message.bytes", "5000"));
        assertThat(Errors.forCode(produce(batch(Compression.NONE, 200)).errorCode()))
                .isEqualTo(Errors.MESSAGE_TOO_LARGE);
    }

    @Test
    void theNextBatchFollowsANewConfiguration() {
        TopicImage topic = create(Map.of());
        produce(batch(Compression.NONE, 3));
        broker.metadata.alterTopicConfigs("packed", Map.of("compression.type", Optional.of("lz4")));
        produce(
                MemoryRecords.withRecords(
                        Compression.NONE, new SimpleRecord(NOW, null, new byte[10])));
        assertThat(stored(topic).stream().map(RecordBatch::compressionType))
                .containsExactly(CompressionType.NONE, CompressionType.LZ4);
    }

    private TopicImage create(Map<String, String> configs) {
        broker.metadata.createTopic(new NewTopic("packed", 1, false, configs));
        return broker.metadata.current().topic("packed").orElseThrow();
    }

    private static MemoryRecords batch(Compression compression, int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] =
                    new SimpleRecord(
                            NOW + i,
                            ("key " + i).getBytes(UTF_8),
                            new byte[100],
                            new RecordHeader[] {new RecordHeader("h", new byte[] {7})});
        }
        return MemoryRecords.withIdempotentRecords(compression, 77, (short) 3, 12, records);
    }

    private PartitionProduceResponse produce(MemoryRecords records) {
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(
                new TopicProduceData()
                        .setName("packed")
                        .setPartitionData(
                                List.of(
                                        new PartitionProduceData()
                                                .setIndex(0)
                                                .setRecords(records))));
        return broker.ask(
                        new ProduceRequestData()
                                .setAcks((short) -1)
                                .setTimeoutMs(1_000)
                                .setTopicData(topics),
                        9,
                        ProduceResponse.class)
                .data()
                .responses()
                .iterator()
                .next()
                .partitionResponses()
                .getFirst();
    }

    private List<RecordBatch> stored(TopicImage topic) {
        ReadResult.Batches read =
                (ReadResult.Batches)
                        broker.logs.read(topic.partitions().getFirst().logId(), 0, 1_000_000, true);
        List<RecordBatch> batches = new ArrayList<>();
        for (ByteBuffer piece : read.batches()) {
            MemoryRecords.readableRecords(piece).batches().forEach(batches::add);
        }
        return batches;
    }
}
