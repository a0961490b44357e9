package io.fleuve.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleuve.broker.storage.DirectoryStore;
import io.fleuve.broker.storage.ObjectReader;
import io.fleuve.broker.storage.ObjectWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wherever a read begins in a piece, it gets the batch it needs, and not much before it. */
class BatchPositionsTest {

    private static final int BEFORE = 100;
    private static final int SPACING = 16 << 10;
    private static final int MAX_TIMESTAMP = 35;

    @TempDir private Path directory;

    @Test
    void findsTheBatchOfEveryOffset() throws IOException {
        Random random = new Random(3);
        List<ByteBuffer> batches = new ArrayList<>();
        long next = 1_000;
        int size = 0;
        int largest = 0;
        while (batches.size() < 300) {
            String[] values = new String[1 + random.nextInt(3)];
            for (int i = 0; i < values.length; i++) {
                values[i] = "x".repeat(random.nextInt(random.nextInt(10) == 0 ? 20_000 : 200));
            }
            ByteBuffer batch = TestBatches.batch(values).slice();
            BatchHeader.setBaseOffset(batch, 0, next);
            // Compaction leaves gaps.
            next += values.length + random.nextInt(3);
            size += batch.remaining();
            largest = Math.max(largest, batch.remaining());
            batches.add(batch);
        }
        Sequencer.Piece piece = write(batches, size, next - 1);
        try (ObjectReader object = store().open("a.log")) {
            BatchPositions positions = new BatchPositions(piece);
            for (long offset = 1_000; offset < next; offset += 7) {
                int room = random.nextInt(4) == 0 ? 0 : random.nextInt(60_000);
                BatchPositions.Stretch stretch = positions.around(object, offset, room);
                ByteBuffer read =
                        object.read(BEFORE + stretch.from(), stretch.to() - stretch.from());
                ByteBuffer all = object.read(BEFORE, size);
                assertThat(read.remaining()).isLessThan(room + largest + SPACING);
                ByteBuffer part = Batches.slice(read, offset, room, true);
                ByteBuffer ideal = Batches.slice(all, offset, room, true);
                assertThat(ideal.slice(ideal.position(), part.remaining()))
                        .as("at %d, %d bytes", offset, room)
                        .isEqualTo(part);
                if (!part.hasRemaining()) {
                    assertThat(stretch.nextOffset())
                            .isEqualTo(BatchHeader.baseOffset(all, ideal.position()));
                }
                BatchPositions.Cut cut = positions.cut(object, offset, room);
                ByteBuffer both =
                        object.read(
                                BEFORE + cut.head().from(), cut.rest().to() - cut.head().from());
                assertThat(cut.head().to()).isEqualTo(cut.rest().from());
                ByteBuffer wanted = Batches.slice(all, offset, Integer.MAX_VALUE, true);
                ByteBuffer got = Batches.slice(both, offset, Integer.MAX_VALUE, true);
                assertThat(wanted.slice(wanted.position(), got.remaining()))
                        .as("cut at %d, %d bytes", offset, room)
                        .isEqualTo(got);
                if (cut.rest().sizeBytes() > 0) {
                    assertThat(both.remaining()).isLessThanOrEqualTo(room);
                    long after =
                            cut.rest().to() == size
                                    ? -1
                                    : BatchHeader.baseOffset(all, cut.rest().to());
                    assertThat(cut.rest().nextOffset()).isEqualTo(after);
                }
            }
        }
    }

    @Test
    void findsTheBatchOfEveryTime() throws IOException {
        Random random = new Random(4);
        List<ByteBuffer> batches = new ArrayList<>();
        long[] times = new long[400];
        int[] positions = new int[times.length + 1];
        int size = 0;
        for (int i = 0; i < times.length; i++) {
            ByteBuffer batch = TestBatches.batch("x".repeat(random.nextInt(8_000))).slice();
            BatchHeader.setBaseOffset(batch, 0, i);
            // Mostly rising, as sensors' clocks do.
            times[i] = 10L * i + random.nextInt(200);
            batch.putLong(MAX_TIMESTAMP, times[i]);
            size += batch.remaining();
            positions[i + 1] = size;
            batches.add(batch);
        }
        Sequencer.Piece piece = write(batches, size, times.length - 1);
        try (ObjectReader object = store().open("a.log")) {
            BatchPositions noted = new BatchPositions(piece);
            for (int offset = 0; offset < times.length; offset += 9) {
                for (long time = 0; time < 4_300; time += 37) {
                    int wanted = firstAtOrAfter(times, offset, time);
                    int anywhere = Math.max(offset, firstAtOrAfter(times, 0, time));
                    assertThat(noted.beforeTimestamp(object, offset, time))
                            .as("%d ms from %d on", time, offset)
                            .isBetween(positions[anywhere] - SPACING - 9_000, positions[wanted]);
                }
            }
        }
    }

    private static int firstAtOrAfter(long[] times, int from, long time) {
        int first = from;
        while (first < times.length && times[first] < time) {
            first++;
        }
        return first;
    }

    @Test
    void saysWhereThereIsNoBatch() throws IOException {
        ByteBuffer batch = TestBatches.batch("value").slice();
        int size = batch.remaining();
        write(List.of(batch, ByteBuffer.allocate(80)), size + 80, 0);
        Sequencer.Piece piece = new Sequencer.Piece(0, 0, "a.log", BEFORE, size + 80, true);
        try (ObjectReader object = store().open("a.log")) {
            assertThatThrownBy(() -> new BatchPositions(piece).around(object, 1, 1_000))
                    .hasMessageContaining("a.log holds no batch at " + (BEFORE + size));
        }
    }

    private Sequencer.Piece write(List<ByteBuffer> batches, int size, long last)
            throws IOException {
        try (ObjectWriter writer = store().create("a.log")) {
            writer.append(List.of(ByteBuffer.allocate(BEFORE)));
            writer.append(batches.stream().map(ByteBuffer::duplicate).toList());
        }
        return new Sequencer.Piece(1_000, last, "a.log", BEFORE, size, true);
    }

    private DirectoryStore store() throws IOException {
        return new DirectoryStore(directory, 1 << 30, Clock.systemUTC());
    }
}
