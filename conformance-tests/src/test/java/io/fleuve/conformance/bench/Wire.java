package io.fleuve.conformance.bench;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * One request after the other on one connection: the cost of a request, and nothing of a client's.
 */
final class Wire implements AutoCloseable {

    private static final short PRODUCE_VERSION = 9;
    private static final short FETCH_VERSION = 12;
    private static final short LIST_OFFSETS_VERSION = 7;

    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;
    private int correlationId;

    Wire(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        socket =
                new Socket(
                        address.substring(0, colon),
                        Integer.parseInt(address.substring(colon + 1)));
        socket.setTcpNoDelay(true);
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
    }

    /** Appends records as one batch; the offset of the first. */
    long produce(TopicPartition to, SimpleRecord... records) throws IOException {
        ProduceRequestData data = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000);
        data.topicData()
                .add(
                        new ProduceRequestData.TopicProduceData()
                                .setName(to.topic())
                                .setPartitionData(
                                        List.of(
                                                new ProduceRequestData.PartitionProduceData()
                                                        .setIndex(to.partition())
                                                        .setRecords(
                                                                MemoryRecords.withRecords(
                                                                        Compression.NONE,
                                                                        records)))));
        var answer =
                ask(
                                ProduceRequest.builder(data).build(PRODUCE_VERSION),
                                PRODUCE_VERSION,
                                ProduceResponse.class)
                        .data()
                        .responses()
                        .iterator()
                        .next()
                        .partitionResponses()
                        .getFirst();
        check(answer.errorCode());
        return answer.baseOffset();
    }

    /** Reads from an offset on, at read_uncommitted; how many bytes came. */
    int fetch(TopicPartition from, long offset, int maxBytes) throws IOException {
        return FetchResponse.recordsSize(
                fetch(from, offset, maxBytes, IsolationLevel.READ_UNCOMMITTED));
    }

    /** Reads from an offset on: the answer for the partition. */
    FetchResponseData.PartitionData fetch(
            TopicPartition from, long offset, int maxBytes, IsolationLevel level)
            throws IOException {
        FetchRequest request =
                FetchRequest.Builder.forConsumer(
                                FETCH_VERSION,
                                500,
                                1,
                                Map.of(
                                        from,
                                        new FetchRequest.PartitionData(
                                                Uuid.ZERO_UUID,
                                                offset,
                                                -1,
                                                maxBytes,
                                                Optional.empty())))
                        .isolationLevel(level)
                        .build(FETCH_VERSION);
        var answer =
                ask(request, FETCH_VERSION, FetchResponse.class)
                        .data()
                        .responses()
                        .getFirst()
                        .partitions()
                        .getFirst();
        check(answer.errorCode());
        return answer;
    }

    /** The first offset at or after a time, in milliseconds since the epoch. */
    long offsetAt(TopicPartition in, long timestampMs) throws IOException {
        ListOffsetsRequest request =
                ListOffsetsRequest.Builder.forConsumer(true, IsolationLevel.READ_UNCOMMITTED)
                        .setTargetTimes(
                                List.of(
                                        new ListOffsetsRequestData.ListOffsetsTopic()
                                                .setName(in.topic())
                                                .setPartitions(
                                                        List.of(
                                                                new ListOffsetsRequestData
                                                                                .ListOffsetsPartition()
                                                                        .setPartitionIndex(
                                                                                in.partition())
                                                                        .setTimestamp(
                                                                                timestampMs)))))
                        .build(LIST_OFFSETS_VERSION);
        var answer =
                ask(request, LIST_OFFSETS_VERSION, ListOffsetsResponse.class)
                        .topics()
                        .getFirst()
                        .partitions()
                        .getFirst();
        check(answer.errorCode());
        return answer.offset();
    }

    private <T extends AbstractResponse> T ask(
            AbstractRequest request, short version, Class<T> answer) throws IOException {
        RequestHeader header =
                new RequestHeader(request.apiKey(), version, "wire", correlationId++);
        ByteBuffer frame = request.serializeWithHeader(header);
        byte[] bytes = new byte[4 + frame.remaining()];
        ByteBuffer.wrap(bytes).putInt(frame.remaining()).put(frame);
        out.write(bytes);
        out.flush();
        byte[] reply = in.readNBytes(in.readInt());
        return answer.cast(AbstractResponse.parseResponse(ByteBuffer.wrap(reply), header));
    }

    private static void check(short code) throws IOException {
        Errors error = Errors.forCode(code);
        if (error != Errors.NONE) {
            throw new IOException("the broker answered " + error);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
