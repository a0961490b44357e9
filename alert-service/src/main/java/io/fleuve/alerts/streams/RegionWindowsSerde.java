package io.fleuve.alerts.streams;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of {@link RegionWindows}, big-endian:
 *
 * <pre>
 *   version          int8    (1)
 *   sourceTopicId    int16 length, UTF-8
 *   streamTimeMs     int64
 *   closedThroughMs  int64
 *   applied          int32 count, then each: sequence int32, offset int64
 *   open             int32 count, then each: start int64, end int64, count int64, sum, min, max float64
 * </pre>
 */
final class RegionWindowsSerde implements Serde<RegionWindows> {

    private static final byte VERSION = 1;
    private static final int APPLIED_BYTES = Integer.BYTES + Long.BYTES;
    private static final int WINDOW_BYTES = 3 * Long.BYTES + 3 * Double.BYTES;
    private static final int FIXED_BYTES =
            Byte.BYTES + Short.BYTES + 2 * Long.BYTES + 2 * Integer.BYTES;

    @Override
    public Serializer<RegionWindows> serializer() {
        return (topic, windows) -> windows == null ? null : serialize(windows);
    }

    @Override
    public Deserializer<RegionWindows> deserializer() {
        return (topic, bytes) -> bytes == null ? null : deserialize(bytes);
    }

    private static byte[] serialize(RegionWindows windows) {
        byte[] topicId = windows.sourceTopicId().getBytes(StandardCharsets.UTF_8);
        ByteBuffer out =
                ByteBuffer.allocate(
                        FIXED_BYTES
                                + topicId.length
                                + windows.applied().size() * APPLIED_BYTES
                                + windows.open().size() * WINDOW_BYTES);
        out.put(VERSION).putShort((short) topicId.length).put(topicId);
        out.putLong(windows.streamTimeMs()).putLong(windows.closedThroughMs());
        out.putInt(windows.applied().size());
        windows.applied().forEach((sequence, offset) -> out.putInt(sequence).putLong(offset));
        out.putInt(windows.open().size());
        for (WindowTotal window : windows.open()) {
            out.putLong(window.startMs()).putLong(window.endMs()).putLong(window.count());
            out.putDouble(window.sum()).putDouble(window.min()).putDouble(window.max());
        }
        return out.array();
    }

    private static @Nullable RegionWindows deserialize(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte version = in.get();
        if (version != VERSION) {
            throw new SerializationException(
                    "stored windows have version %d, this build reads version %d"
                            .formatted(version, VERSION));
        }
        byte[] topicId = new byte[in.getShort()];
        in.get(topicId);
        long streamTimeMs = in.getLong();
        long closedThroughMs = in.getLong();
        int sequences = in.getInt();
        Map<Integer, Long> applied = HashMap.newHashMap(sequences);
        for (int i = 0; i < sequences; i++) {
            applied.put(in.getInt(), in.getLong());
        }
        int windows = in.getInt();
        List<WindowTotal> open = new ArrayList<>(windows);
        for (int i = 0; i < windows; i++) {
            open.add(
                    new WindowTotal(
                            in.getLong(),
                            in.getLong(),
                            in.getLong(),
                            in.getDouble(),
                            in.getDouble(),
                            in.getDouble()));
        }
        return new RegionWindows(
                new String(topicId, StandardCharsets.UTF_8),
                streamTimeMs,
                closedThroughMs,
                applied,
                open);
    }
}
