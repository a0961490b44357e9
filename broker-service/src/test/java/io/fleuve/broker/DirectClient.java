package io.fleuve.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestHeader;

/** Talks to one broker, whoever leads the partition: what no stock client does. */
final class DirectClient implements AutoCloseable {

    private static final short PRODUCE_VERSION = 9;
    private static final short FETCH_VERSION = 12;

    private final Socket socket;
    private int correlationId;

    DirectClient(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
    }

    /** Appends one record and returns its offset. */
    long produce(String topic, int partition, String value) throws IOException {
        var data = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(10_000);
        data.topicData()
                .add(
                        new ProduceRequestData.TopicProduceData()
                                .setName(topic)
                                .setPartitionData(
                                        List.of(
                                                new ProduceRequestData.PartitionProduceData()
                                                        .setIndex(partition)
                                                        .setRecords(
                                                                MemoryRecords.withRecords(
                                                                        Compression.NONE,
                                                                        new SimpleRecord(
                                                                                value.getBytes(
                                                                                        UTF_8)))))));
        ProduceResponse response =
                ask(
                        ProduceRequest.builder(data).build(PRODUCE_VERSION),
                        PRODUCE_VERSION,
                        ProduceResponse.class);
        var answer = response.data().responses().iterator().next().partitionResponses().getFirst();
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        return answer.baseOffset();
    }

    /** The values from offset 0 up to {@code end}. */
    List<String> fetchAll(String topic, int partition, long end) throws IOException {
        List<String> values = new ArrayList<>();
        while (values.size() < end) {
            FetchRequest request =
                    FetchRequest.Builder.forConsumer(
                                    FETCH_VERSION,
                                    500,
                                    1,
                                    Map.of(
                                            new TopicPartition(topic, partition),
                                            new FetchRequest.PartitionData(
                                                    Uuid.ZERO_UUID,
                                                    values.size(),
                                                    -1,
                                                    1 << 20,
                                                    java.util.Optional.empty())))
                            .build(FETCH_VERSION);
            FetchResponse response = ask(request, FETCH_VERSION, FetchResponse.class);
            var answer = response.data().responses().getFirst().partitions().getFirst();
            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
            for (Record record : ((MemoryRecords) FetchResponse.recordsOrFail(answer)).records()) {
                if (record.offset() == values.size()) {
                    values.add(UTF_8.decode(record.value()).toString());
                }
            }
        }
        return values;
    }

    private <T extends AbstractResponse> T ask(
            AbstractRequest request, short version, Class<T> answer) throws IOException {
        RequestHeader header =
                new RequestHeader(request.apiKey(), version, "direct", correlationId++);
        ByteBuffer frame = request.serializeWithHeader(header);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(frame.remaining());
        out.write(frame.array(), frame.arrayOffset() + frame.position(), frame.remaining());
        out.flush();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] bytes = in.readNBytes(in.readInt());
        return answer.cast(AbstractResponse.parseResponse(ByteBuffer.wrap(bytes), header));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
