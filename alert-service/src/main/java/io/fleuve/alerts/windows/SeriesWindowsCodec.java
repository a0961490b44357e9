package io.fleuve.alerts.windows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The stored form of {@link SeriesWindows}, big-endian:
 *
 * <pre>
 *   version          int8    (2)
 *   sourceTopicId    int16 length, UTF-8
 *   streamTimeMs     int64
 *   closedThroughMs  int64
 *   applied          int32 count, then each: sequence int32, position int64
 *   open             int32 count, then each: start int64, end int64, revision int32, {@link WindowFigures}
 *   revisable        as open
 * </pre>
 */
public final class SeriesWindowsCodec {

    private static final byte VERSION = 2;
    private static final int APPLIED_BYTES = Integer.BYTES + Long.BYTES;
    private static final int WINDOW_BYTES = 2 * Long.BYTES + Integer.BYTES;
    private static final int FIXED_BYTES =
            Byte.BYTES + Short.BYTES + 2 * Long.BYTES + 3 * Integer.BYTES;

    private SeriesWindowsCodec() {}

    /** The bytes of a series. */
    public static byte[] encode(SeriesWindows series) {
        byte[] topicId = series.sourceTopicId().getBytes(StandardCharsets.UTF_8);
        List<byte[]> figures = new ArrayList<>();
        int bytes = FIXED_BYTES + topicId.length + series.applied().size() * APPLIED_BYTES;
        for (List<Window> windows : List.of(series.open(), series.revisable())) {
            for (Window window : windows) {
                byte[] encoded = window.figures().encoded();
                figures.add(encoded);
                bytes += WINDOW_BYTES + encoded.length;
            }
        }
        ByteBuffer out = ByteBuffer.allocate(bytes);
        out.put(VERSION).putShort((short) topicId.length).put(topicId);
        out.putLong(series.streamTimeMs()).putLong(series.closedThroughMs());
        out.putInt(series.applied().size());
        series.applied().forEach((sequence, last) -> out.putInt(sequence).putLong(last));
        int next = 0;
        for (List<Window> windows : List.of(series.open(), series.revisable())) {
            out.putInt(windows.size());
            for (Window window : windows) {
                out.putLong(window.startMs()).putLong(window.endMs()).putInt(window.revision());
                out.put(figures.get(next++));
            }
        }
        return out.array();
    }

    /**
     * The series of these bytes.
     *
     * @throws IllegalArgumentException if another build wrote them in another form
     */
    public static SeriesWindows decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte version = in.get();
        if (version != VERSION) {
            throw new IllegalArgumentException(
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
        return new SeriesWindows(
                new String(topicId, StandardCharsets.UTF_8),
                streamTimeMs,
                closedThroughMs,
                applied,
                windows(in),
                windows(in));
    }

    private static List<Window> windows(ByteBuffer in) {
        int count = in.getInt();
        List<Window> windows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            windows.add(
                    new Window(in.getLong(), in.getLong(), in.getInt(), WindowFigures.decode(in)));
        }
        return windows;
    }
}
